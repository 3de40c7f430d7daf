#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Standard output, for results, and standard error, for everything else. The only place that prints.
enum Terminal {
  /// Writes a result to standard output. A reader that has gone away (`| head`) ends the program quietly; a full disk
  /// ends it with a message.
  static func result(_ text: String) {
    let error = write(text, to: STDOUT_FILENO)
    if error == EPIPE { exit(0) }
    if error != 0 {
      note("netc: error: writing the result failed: \(String(cString: strerror(error)))\n")
      exit(ExitStatus.inputOutput.rawValue)
    }
  }

  /// Writes to standard error. Nothing is lost with a reader who has gone away, so failures are ignored.
  static func note(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// Whether standard error is a terminal that understands control sequences.
  static var drawsProgress: Bool {
    isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"
  }

  /// Whether messages on standard error may be coloured.
  static var colours: Bool { drawsProgress && (environment("NO_COLOR") ?? "").isEmpty }

  /// The columns of the terminal behind standard error, or 80.
  static var width: Int { columns(STDERR_FILENO) }

  private static func columns(_ descriptor: Int32) -> Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Whether standard output is a terminal that people look at.
  static var drawsResult: Bool { isatty(STDOUT_FILENO) == 1 && environment("TERM") != "dumb" }

  /// Whether results may be coloured.
  static var coloursResult: Bool { drawsResult && (environment("NO_COLOR") ?? "").isEmpty }

  /// The columns of the terminal behind standard output, or 80.
  static var resultWidth: Int { columns(STDOUT_FILENO) }

  static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Writes all of `text`; 0 or the system's error number.
  private static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        #if canImport(Glibc)
          let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
        #else
          let count = Darwin.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
        #endif
        if count < 0 {
          if errno == EINTR { continue }
          return errno
        }
        done += count
      }
      return 0
    }
  }
}
