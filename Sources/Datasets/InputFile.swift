#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A regular file open for reading. Reads are positioned, so threads may share it; a file that shrinks meanwhile is an error, not a
/// signal, which is why nothing is mapped into memory.
package final class InputFile: Sendable {
  package let path: String
  /// Bytes, when it was opened.
  package let size: Int
  private let descriptor: Int32

  /// Throws `noInput` when the file is missing, forbidden, a folder, or not a regular file (a pipe would block).
  package init(_ path: String) throws(DataError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw DataError(.noInput, nil, "\(DataError.quoted(path)) is not the name of a file")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .cannotOpen(path, errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let number = errno
      close(descriptor)
      throw .cannotOpen(path, number)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw DataError(.noInput, path, status.st_mode & S_IFMT == S_IFDIR ? "is a folder" : "is not a regular file")
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Reads up to `buffer.count` bytes from `offset` on; fewer only at the end of the file.
  package func readUpTo(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(DataError) -> Int {
    var done = 0
    while done < buffer.count {
      let count = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw DataError(.inputOutput, path, at: .byte(offset + done), "reading failed: " + DataError.words(for: errno))
      }
      done += count
    }
    return done
  }

  /// Fills `buffer` from `offset` on; throws `badData` when the file ends before.
  package func read(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(DataError) {
    let count = try readUpTo(buffer, at: offset)
    guard count == buffer.count else {
      throw DataError(
        .badData, path, at: .byte(offset + count), "ends here, expected \(buffer.count - count) more bytes",
        help: "the file was cut short")
    }
  }

  /// `count` bytes from `offset` on; throws `badData` when there are fewer, before anything is allocated.
  package func bytes(at offset: Int, count: Int) throws(DataError) -> [UInt8] {
    guard offset <= size, count <= size - offset else {
      throw DataError(
        .badData, path, at: .byte(size), "ends here, expected \(count - max(0, size - offset)) more bytes",
        help: "the file was cut short")
    }
    var failure: DataError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(DataError) {
        try read(UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[..<count])), at: offset)
        initialized = count
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  /// The whole file.
  package func bytes() throws(DataError) -> [UInt8] { try bytes(at: 0, count: size) }
}

extension InputFile {
  /// `path` as seen from `folder`, unless it is absolute.
  package static func resolve(_ path: String, in folder: String) -> String {
    if path.utf8.first == UInt8(ascii: "/") || folder.isEmpty || folder == "." { return path }
    return folder.utf8.last == UInt8(ascii: "/") ? folder + path : folder + "/" + path
  }

  /// Whether something with this name exists, a folder too.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
