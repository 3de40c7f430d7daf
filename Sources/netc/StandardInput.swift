#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What is typed and piped: the command line's bytes, and standard input, read in pieces as they come.
enum StandardInput {
  /// Throws if an argument is not UTF-8: it would be read as another text.
  static func checkArguments() throws(Failure) {
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = CommandLine.unsafeArgv[index], String(validatingCString: argument) == nil else { continue }
      throw Failure(.usage, "argument \(index) is not UTF-8")
    }
  }

  /// The next bytes, at most `limit`; none at the end. Waits until there are some.
  static func next(limit: Int = 1 << 16) throws(Failure) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      while true {
        let result = read(STDIN_FILENO, buffer.baseAddress, limit)
        if result >= 0 {
          count = result
          return
        }
        if errno == EINTR { continue }
        failure = errno
        return
      }
    }
    if failure != 0 {
      throw Failure(.inputOutput, "reading standard input failed: \(String(cString: strerror(failure)))")
    }
    return bytes
  }

  /// All of it; fails when there is more than `limit`.
  static func bytes(limit: Int) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let part = try next()
      if part.isEmpty { return bytes }
      bytes += part
      guard bytes.count <= limit else {
        throw Failure(.badData, "standard input is larger than \(NumberFormat.bytes(limit)), too large for a .net file")
      }
    }
  }
}
