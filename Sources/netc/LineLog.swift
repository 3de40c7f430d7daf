#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A text file that grows by whole lines. They are kept back for up to a second; when the disk is full, the file ends
/// with the last line that fitted.
final class LineLog {
  private let path: String
  private let descriptor: Int32
  private var pending: [UInt8] = []
  private var written = 0
  private var lastFlush = SystemDescription.seconds

  /// Creates the file; it must not exist.
  init(_ path: String) throws(Failure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw Failure(.cannotCreate, "\(path): cannot be created: \(String(cString: strerror(errno)))")
    }
    self.path = path
    self.descriptor = descriptor
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
}
