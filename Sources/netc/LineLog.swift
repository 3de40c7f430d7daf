#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A text file that grows by whole lines. They are kept back for up to a second; when the disk is full, the file ends
/// with the last line that fitted.
final class LineLog {
  /// The name in messages.
  private let path: String
  private let descriptor: Int32
  private var pending: [UInt8] = []
  private var written = 0
  private var lastFlush = SystemDescription.seconds

  /// Creates the file; it must not exist. Messages call it `path` where it will have another name.
  init(_ file: String, called path: String? = nil) throws(Failure) {
    let path = path ?? file
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw Failure(.cannotCreate, "\(path): cannot be created: \(String(cString: strerror(errno)))")
    }
    self.path = path
    self.descriptor = descriptor
  }

  /// Opens the file to go on after its first `size` bytes; what stands behind them is cut off. Throws when it is shorter.
  init(_ path: String, continuingAt size: Int) throws(Failure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw Failure(.inputOutput, "\(path): cannot be opened: \(String(cString: strerror(errno)))")
    }
    self.path = path
    self.descriptor = descriptor
    var status = stat()
    guard fstat(descriptor, &status) == 0, Int(status.st_size) >= size else {
      throw Failure(
        .badData, "\(path): has \(status.st_size) bytes, the checkpoint was written when it had \(size)",
        help: "the file was changed since; remove the latest checkpoint to go on from the one before")
    }
    guard ftruncate(descriptor, off_t(size)) == 0, lseek(descriptor, off_t(size), SEEK_SET) >= 0 else {
      throw Failure(.inputOutput, "\(path): cannot be shortened: \(String(cString: strerror(errno)))")
    }
    written = size
  }

  deinit { close(descriptor) }

  /// Appends `line`, which has no line ending.
  func append(_ line: String) throws(Failure) {
    pending.append(contentsOf: line.utf8)
    pending.append(UInt8(ascii: "\n"))
    if pending.count > 1 << 16 || SystemDescription.seconds - lastFlush > 1 { try flush() }
  }

  /// Hands what was kept back to the system.
  func flush() throws(Failure) {
    var done = 0
    while done < pending.count {
      let count = pending.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, $0.count - done) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let reason = String(cString: strerror(count < 0 ? errno : ENOSPC))
        let whole = pending.prefix(done).lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        _ = ftruncate(descriptor, off_t(written + whole))
        pending.removeAll()
        throw Failure(
          .inputOutput, "\(path): writing failed: \(reason)", help: "the lines before are whole; free some space")
      }
      done += count
    }
    written += done
    pending.removeAll(keepingCapacity: true)
    lastFlush = SystemDescription.seconds
  }

  /// Brings everything to the disk and gives the file's size.
  func synchronize() throws(Failure) -> Int {
    try flush()
    while fsync(descriptor) != 0 {
      // Pipes and some file systems have nothing to synchronise.
      if errno == EINVAL { break }
      guard errno == EINTR else {
        throw Failure(.inputOutput, "\(path): writing to the disk failed: \(String(cString: strerror(errno)))")
      }
    }
    return written
  }
}
