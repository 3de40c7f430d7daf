import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A run of the built executable whose standard error is a terminal.
struct PseudoTerminal {
  /// Everything that was written to the terminal, in order.
  private(set) var written = ""
  private(set) var output = ""
  private(set) var status: Int32 = 0
  /// How long the process ran.
  private(set) var seconds = 0.0

  /// What people see in the end: the rows that were written, at most `width` columns each.
  private(set) var screen: [String] = [""]
  /// Whether a line went beyond the last column.
  private(set) var hasWrapped = false

  // TIOCSPTLCK and TIOCGPTN of Linux, macros that Swift does not see.
  private static let unlock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430

  /// Runs netc to its end in a terminal of `width` columns.
  init(
    _ arguments: [String], width: Int, in folder: String, environment: [String: String] = [:]
  ) throws {
    let controller = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var number: Int32 = 0
    var lock: Int32 = 0
    guard controller >= 0, ioctl(controller, Self.unlock, &lock) == 0, ioctl(controller, Self.getNumber, &number) == 0
    else { throw CocoaError(.fileNoSuchFile) }
    let terminal = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var size = winsize(ws_row: 24, ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
    guard terminal >= 0, ioctl(controller, UInt(TIOCSWINSZ), &size) == 0 else { throw CocoaError(.fileNoSuchFile) }
    let process = Process()
    process.executableURL = URL(filePath: NetcProcess.executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(["TERM": "xterm", "NO_COLOR": ""]) { $1 }
      .merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let results = Pipe()
    process.standardOutput = results
    process.standardError = FileHandle(fileDescriptor: terminal, closeOnDealloc: false)
    let start = Date()
    try process.start()
    close(terminal)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = read(controller, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
    close(controller)
    output = String(decoding: try results.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    seconds = Date().timeIntervalSince(start)
    status = process.terminationStatus
    written = String(decoding: bytes, as: UTF8.self)
    show(width: width)
  }

  /// Follows carriage returns, line feeds and `ESC [ K` as a terminal does.
  private mutating func show(width: Int) {
    var column = 0
    var rest = Array(written.unicodeScalars)[...]
    var line: [Unicode.Scalar] = []
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\r": column = 0
      case "\n":
        screen[screen.count - 1] = text(line)
        screen.append("")
        line = []
      case "\u{1B}":
        // Only this sequence is used.
        if rest.starts(with: "[K".unicodeScalars) { line = Array(line.prefix(column)) }
        rest = rest.drop { $0 != "K" }.dropFirst()
      default:
        if column >= width { hasWrapped = true }
        if column < line.count { line[column] = scalar } else { line.append(scalar) }
        column += 1
      }
    }
    screen[screen.count - 1] = text(line)
  }

  private func text(_ line: [Unicode.Scalar]) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: line)
    return String(text)
  }
}
