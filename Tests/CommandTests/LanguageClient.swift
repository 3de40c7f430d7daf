import Foundation
import Testing

/// An editor without a window: talks to a real `netc lsp` over pipes.
final class LanguageClient {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var buffer = Data()
  private var requests = 0
  /// Notifications that came while an answer was awaited.
  private var notifications: [[String: Any]] = []

  init(initialized: Bool = true, root: String? = nil) throws {
    process.executableURL = URL(filePath: NetcProcess.executable)
    process.arguments = ["lsp"]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.start()
    if initialized {
      let folder = root.map { ["rootUri": "file://" + $0] } ?? [:]
      let result = try request("initialize", folder)
      #expect(result["capabilities"] != nil)
      send(method: "initialized", [:])
    }
  }

  // A signal that can be blocked might be, and other servers may hold the pipe whose end would end this one.
  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  // MARK: Messages

  func send(raw text: String) { input.fileHandleForWriting.write(Data(text.utf8)) }

  func send(body: String) { send(raw: "Content-Length: \(body.utf8.count)\r\n\r\n\(body)") }

  func send(_ message: [String: Any]) {
    let body = (try? JSONSerialization.data(withJSONObject: message)) ?? Data()
    send(body: String(decoding: body, as: UTF8.self))
  }

  func send(method: String, _ parameters: [String: Any]) {
    send(["jsonrpc": "2.0", "method": method, "params": parameters])
  }

  /// The next message of the server; fails at the end of its output.
  func receive() throws -> [String: Any] {
    while true {
      if let end = buffer.firstRange(of: Data("\r\n\r\n".utf8)) {
        let header = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
        let length = try #require(
          header.split(separator: ":").last.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) })
        if buffer.endIndex - end.upperBound >= length {
          let body = buffer[end.upperBound..<(end.upperBound + length)]
          buffer = Data(buffer[(end.upperBound + length)...])
          return try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
        }
      }
      let more = output.fileHandleForReading.availableData
      try #require(!more.isEmpty, "the server has ended")
      buffer += more
    }
  }

  /// The whole answer to a request.
  func answer(_ method: String, _ parameters: [String: Any]) throws -> [String: Any] {
    requests += 1
    send(["jsonrpc": "2.0", "id": requests, "method": method, "params": parameters])
    while true {
      let message = try receive()
      if message["id"] as? Int == requests { return message }
      notifications.append(message)
    }
  }

  /// The result of a request whose result is an object; empty for null.
  func request(_ method: String, _ parameters: [String: Any]) throws -> [String: Any] {
    try answer(method, parameters)["result"] as? [String: Any] ?? [:]
  }

  func list(_ method: String, _ parameters: [String: Any]) throws -> [[String: Any]] {
    try answer(method, parameters)["result"] as? [[String: Any]] ?? []
  }

  func errorCode(_ method: String, _ parameters: [String: Any]) throws -> Int? {
    (try answer(method, parameters)["error"] as? [String: Any])?["code"] as? Int
  }

  /// Tells the server to end and gives its status.
  func end(shutdown: Bool = true) throws -> Int32 {
    if shutdown { _ = try answer("shutdown", [:]) }
    send(method: "exit", [:])
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Closes the server's input and gives its status.
  func hangUp() -> Int32 {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
    return process.terminationStatus
  }

  // MARK: Documents

  /// The diagnostics that are published next.
  func diagnostics() throws -> [[String: Any]] {
    while true {
      let message = notifications.isEmpty ? try receive() : notifications.removeFirst()
      guard message["method"] as? String == "textDocument/publishDiagnostics" else { continue }
      return (message["params"] as? [String: Any])?["diagnostics"] as? [[String: Any]] ?? []
    }
  }

  @discardableResult func open(_ uri: String, _ text: String) throws -> [[String: Any]] {
    send(
      method: "textDocument/didOpen",
      ["textDocument": ["uri": uri, "languageId": "net", "version": 1, "text": text] as [String: Any]])
    return try diagnostics()
  }

  /// Replaces a part, or all without a range.
  @discardableResult func change(
    _ uri: String, _ text: String, from start: (Int, Int)? = nil, to end: (Int, Int)? = nil
  ) throws -> [[String: Any]] {
    var change: [String: Any] = ["text": text]
    if let start, let end {
      change["range"] = [
        "start": ["line": start.0, "character": start.1], "end": ["line": end.0, "character": end.1],
      ]
    }
    send(
      method: "textDocument/didChange",
      ["textDocument": ["uri": uri, "version": 2] as [String: Any], "contentChanges": [change]])
    return try diagnostics()
  }

  /// The parameters for a place in an open file: `|` marks it in `words`, which stand in `text`.
  static func place(_ uri: String, _ text: String, _ words: String) throws -> [String: Any] {
    let plain = words.replacingOccurrences(of: "|", with: "")
    let start = try #require(text.range(of: plain), "`\(plain)`").lowerBound
    let offset = words.distance(from: words.startIndex, to: try #require(words.firstIndex(of: "|")))
    let before = text[..<text.index(start, offsetBy: offset)]
    let line = before.split(separator: "\n", omittingEmptySubsequences: false)
    return [
      "textDocument": ["uri": uri],
      "position": ["line": line.count - 1, "character": line[line.count - 1].utf16.count],
    ]
  }

  /// `text` after edits of the protocol.
  static func apply(_ edits: [[String: Any]], to text: String) throws -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.utf16) }
    func position(_ edit: [String: Any], _ key: String) throws -> (Int, Int) {
      let place = try #require((edit["range"] as? [String: Any])?[key] as? [String: Int])
      return (place["line"] ?? 0, place["character"] ?? 0)
    }
    for edit in try edits.sorted(by: { try position($0, "start") > position($1, "start") }) {
      let (start, end) = (try position(edit, "start"), try position(edit, "end"))
      let replacement = Array((edit["newText"] as? String ?? "").utf16)
      let whole = lines[start.0][..<start.1] + replacement + lines[end.0][end.1...]
      lines.replaceSubrange(
        start.0...end.0, with: whole.split(separator: 10, omittingEmptySubsequences: false).map(Array.init))
    }
    return lines.map { String(decoding: $0, as: UTF16.self) }.joined(separator: "\n")
  }
}
