import Foundation
import Testing

/// One run of the built executable.
struct NetcProcess {
  /// The executable lies beside the test bundle.
  static let executable: String = {
    let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    let candidates = [
      URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent(), bundle,
      bundle.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent(),
    ].map { $0.appending(path: "netc").path }
    return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? candidates[0]
  }()

  static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  static let models = repository + "/models"

  var status: Int32
  var output: String
  var errors: String

  /// Runs netc to its end.
  init(
    _ arguments: [String], in folder: String = repository, environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try self.init(executable: Self.executable, arguments, in: folder, environment: environment)
    #expect(!errors.contains("Fatal error"), "\(errors)", sourceLocation: sourceLocation)
  }

  /// Runs a script in which `$NETC` is the executable.
  init(script: String, in folder: String) throws {
    try self.init(executable: "/bin/bash", ["-c", script], in: folder, environment: ["NETC": Self.executable])
  }

  private init(executable: String, _ arguments: [String], in folder: String, environment: [String: String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    // Files instead of pipes: nothing can block on a full one.
    let stem = FileManager.default.temporaryDirectory.path + "/netc-\(UUID().uuidString)"
    let (outputPath, errorPath) = (stem + ".out", stem + ".err")
    for path in [outputPath, errorPath] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    defer { for path in [outputPath, errorPath] { try? FileManager.default.removeItem(atPath: path) } }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: outputPath))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: errorPath))
    try process.start()
    process.waitUntilExit()
    status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    output = String(decoding: try Data(contentsOf: URL(filePath: outputPath)), as: UTF8.self)
    errors = String(decoding: try Data(contentsOf: URL(filePath: errorPath)), as: UTF8.self)
  }
}

extension Process {
  private static let starting = NSLock()

  /// Runs the process, one start at a time: what is started meanwhile would inherit the socket by which Foundation learns that a process
  /// has ended, and keep it open for as long as it runs itself.
  func start() throws { try Self.starting.withLock { try run() } }
}

/// A folder of its own for one test, removed afterwards.
final class TestFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/netc-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult func write(_ name: String, _ text: String) throws -> String {
    try write(name, Data(text.utf8))
  }

  @discardableResult func write(_ name: String, _ bytes: Data) throws -> String {
    try bytes.write(to: URL(filePath: path + "/" + name))
    return path + "/" + name
  }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path + "/" + name)), as: UTF8.self)
  }

  /// The names of the files in a folder below this one; nil when it does not exist.
  func names(_ folder: String = "") -> [String]? {
    (try? FileManager.default.contentsOfDirectory(atPath: path + "/" + folder))?.sorted()
  }
}

/// A net that trains in an instant on a table of its own.
enum SmallNet {
  static let text = """
    net Small(width = 4) {
      input x: f32[2]
      output logits: f32[2] = x -> fc1: linear(width) -> relu -> fc2: linear(2)
    }

    train Small {
      target y: index(2)

      data      = csv("small.csv", x=[a, b], y=y)
      loss      = cross_entropy(logits, y)
      metrics   = [accuracy]
      optimizer = sgd(lr=0.1)
      batch     = 4
      epochs    = 2
    }

    """

  static let table =
    "a,b,y\n" + (0..<12).map { "\(Double($0) / 10),\(1 - Double($0) / 10),\($0 / 6)" }.joined(separator: "\n") + "\n"

  /// A folder with the net and its table.
  static func folder(text: String = text, table: String = table) throws -> TestFolder {
    let folder = try TestFolder()
    try folder.write("small.net", text)
    try folder.write("small.csv", table)
    return folder
  }
}
