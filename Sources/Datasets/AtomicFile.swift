#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that is written aside and takes its name only when it is whole and on the disk: readers see the old content or the new,
/// never a part. Dropped before `commit`, it leaves nothing behind.
package struct AtomicFile: ~Copyable {
  package let path: String
  private let aside: String
  private let operations: FileOperations
  private var descriptor: Int32
  /// Where the file aside stands in `UnfinishedFiles`.
  private let entry: Int?

  /// Throws `cannotCreate`.
  package init(_ path: String, operations: FileOperations = .system) throws(DataError) {
    guard !path.isEmpty, path.utf8.last != UInt8(ascii: "/"), !path.utf8.contains(0) else {
      throw DataError(.cannotCreate, nil, "\(DataError.quoted(path)) is not the name of a file")
    }
    // A link stays one: what it leads to is replaced. A device or a pipe is never replaced by a file.
    let (path, permissions) = try Self.destination(path)
    let aside = "\(path).\(getpid()).partial"
    // Before the file is there: a signal may end the process at any time.
    let entry = UnfinishedFiles.remember(aside)
    var opened = operations.create(aside)
    if opened == -Int(EEXIST) {
      // Left by a process of this number that was killed; this process has only one writer of a path.
      _ = operations.remove(aside)
      opened = operations.create(aside)
    }
    guard opened >= 0 else {
      UnfinishedFiles.forget(entry)
      throw DataError(.cannotCreate, path, "cannot be created: " + DataError.words(for: Int32(-opened)))
    }
    // Who may read the old content may read the new, and nobody else.
    if let permissions { fchmod(Int32(opened), permissions) }
    self.path = path
    self.aside = aside
    self.entry = entry
    self.operations = operations
    descriptor = Int32(opened)
  }

  /// The regular file that `path` names, with its permissions if it is there already.
  private static func destination(_ path: String) throws(DataError) -> (path: String, permissions: mode_t?) {
    var status = stat()
    guard stat(path, &status) == 0 else { return (path, nil) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw DataError(
        .cannotCreate, path, isFolder ? "is a folder, not a file" : "is a device or a pipe, not a file",
        help: "give the name of a file")
    }
    let permissions = status.st_mode & 0o7777
    guard let resolved = realpath(path, nil) else { return (path, permissions) }
    defer { free(resolved) }
    return (String(cString: resolved), permissions)
  }

  /// Appends `bytes`; throws `inputOutput`, after which nothing can be committed.
  package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(DataError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = descriptor < 0 ? -Int(EIO) : operations.write(descriptor, rest)
      if count == -Int(EINTR) { continue }
      guard count > 0 else { throw fail("writing failed", count == 0 ? -Int(ENOSPC) : count) }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Appends the UTF-8 of `text`.
  package mutating func write(_ text: String) throws(DataError) {
    try write(Array(text.utf8))
  }

  /// Appends the bytes of `values` as they lie in memory.
  package mutating func write<T: BitwiseCopyable>(_ values: [T]) throws(DataError) {
    var failure: DataError?
    values.withUnsafeBytes { bytes in
      do throws(DataError) { try write(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Puts the file in its place, safely on the disk; throws `inputOutput` and leaves the old file when that fails.
  package consuming func commit() throws(DataError) {
    guard descriptor >= 0 else { throw fail("writing failed", -Int(EIO)) }
    let synchronized = operations.synchronize(descriptor)
    guard synchronized >= 0 else { throw fail("writing to the disk failed", synchronized) }
    let closed = operations.close(descriptor)
    descriptor = -1
    guard closed >= 0 else {
      _ = operations.remove(aside)
      UnfinishedFiles.forget(entry)
      throw fail("closing failed", closed)
    }
    let renamed = operations.rename(aside, path)
    UnfinishedFiles.forget(entry)
    guard renamed >= 0 else {
      _ = operations.remove(aside)
      throw fail("cannot take its name", renamed)
    }
    // The name is in the folder, which has to reach the disk as well. Some file systems cannot do that: then it is theirs to keep.
    let folder = operations.openFolder(Self.folder(of: path))
    if folder >= 0 {
      let result = operations.synchronize(Int32(folder))
      _ = operations.close(Int32(folder))
      guard result >= 0 || result == -Int(EINVAL) else { throw fail("writing its folder to the disk failed", result) }
    }
  }

  /// The folder that holds `path`.
  package static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private mutating func fail(_ what: String, _ result: Int) -> DataError {
    abandon()
    return DataError(
      .inputOutput, path, "\(what): \(DataError.words(for: Int32(-result)))",
      help: result == -Int(ENOSPC) ? "free some space; nothing was left half written" : nil)
  }

  private mutating func abandon() {
    guard descriptor >= 0 else { return }
    _ = operations.close(descriptor)
    _ = operations.remove(aside)
    UnfinishedFiles.forget(entry)
    descriptor = -1
  }

  deinit {
    guard descriptor >= 0 else { return }
    _ = operations.close(descriptor)
    _ = operations.remove(aside)
    UnfinishedFiles.forget(entry)
  }
}
