import Source

/// A server of the Language Server Protocol (3.17) for `.net` files. Takes the bodies of messages and gives messages; who starts it reads
/// and writes.
package final class LanguageServer {
  private enum State {
    case created, running, shutDown
  }

  /// An error response.
  struct RequestError: Error {
    var code: Int
    var message: String

    static let parse = -32700
    static let invalidRequest = -32600
    static let methodNotFound = -32601
    static let invalidParameters = -32602
    static let notInitialized = -32002
    static let requestFailed = -32803
  }

  let workspace: Workspace
  private var state = State.created
  /// What is to be sent, in order.
  private var outgoing: [JSON] = []
  /// The status that the process should end with; nil while it should go on.
  package private(set) var exitStatus: Int32?

  package init(_ files: FileAccess, version: String) {
    workspace = Workspace(files)
    self.version = version
  }

  private let version: String

  /// The messages that are to be sent now, each with its header.
  package func takeOutgoing() -> String {
    let text = outgoing.map { message in
      let body = message.line
      return "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }.joined()
    outgoing = []
    return text
  }

  /// The status when the input ends without `exit`.
  package var statusAtEnd: Int32 { state == .shutDown ? 0 : 1 }

  /// Takes the body of one message.
  package func receive(_ body: [UInt8]) {
    let message: JSON
    do { message = try JSON(parsing: body) } catch {
      return respond(
        .null, RequestError(code: RequestError.parse, message: "at byte \(error.offset): \(error.problem)"))
    }
    guard case .object = message else {
      return respond(.null, RequestError(code: RequestError.invalidRequest, message: "a message is an object"))
    }
    guard let method = message["method"]?.string else {
      // Answers to requests of ours would stand here; there are none.
      if message["result"] == nil, message["error"] == nil {
        let error = RequestError(code: RequestError.invalidRequest, message: "the message has no method")
        respond(message["id"] ?? .null, error)
      }
      return
    }
    let parameters = message["params"] ?? .null
    guard let id = message["id"] else { return notify(method, parameters) }
    do throws(RequestError) {
      let result = try request(method, parameters)
      outgoing.append(.object([("jsonrpc", .string("2.0")), ("id", id), ("result", result)]))
    } catch { respond(id, error) }
  }

  /// Says what could not be read as a message.
  package func reject(_ problem: String) {
    respond(.null, RequestError(code: RequestError.invalidRequest, message: problem))
  }

  /// Publishes the diagnostics of what has changed; called when nothing more has come yet, so that fast typing is checked once.
  package func settle() {
    guard state == .running else { return }
    for (uri, version, diagnostics) in workspace.takeDiagnostics() {
      var parameters: [(String, JSON)] = [("uri", .string(uri))]
      if let version { parameters.append(("version", .integer(version))) }
      parameters.append(("diagnostics", .array(diagnostics)))
      outgoing.append(
        .object([
          ("jsonrpc", .string("2.0")), ("method", .string("textDocument/publishDiagnostics")),
          ("params", .object(parameters)),
        ]))
    }
  }

  private func respond(_ id: JSON, _ error: RequestError) {
    outgoing.append(
      .object([
        ("jsonrpc", .string("2.0")), ("id", id),
        ("error", .object([("code", .integer(error.code)), ("message", .string(error.message))])),
      ]))
  }

  private func notify(_ method: String, _ parameters: JSON) {
    if method == "exit" {
      exitStatus = statusAtEnd
      return
    }
    guard state == .running else { return }
    workspace.notify(method, parameters)
  }

  private func request(_ method: String, _ parameters: JSON) throws(RequestError) -> JSON {
    switch (state, method) {
    case (.created, "initialize"):
      state = .running
      workspace.open(parameters)
      return Capabilities.result(version: version)
    case (.created, _): throw RequestError(code: RequestError.notInitialized, message: "`initialize` comes first")
    case (.shutDown, _):
      throw RequestError(code: RequestError.invalidRequest, message: "after `shutdown` only `exit` may come")
    case (.running, "initialize"):
      throw RequestError(code: RequestError.invalidRequest, message: "`initialize` comes once")
    case (.running, "shutdown"):
      state = .shutDown
      return .null
    case (.running, _):
      return try workspace.answer(method, parameters)
    }
  }
}

/// What the server can do.
enum Capabilities {
  static func result(version: String) -> JSON {
    let synchronization = JSON.object([
      ("openClose", .bool(true)), ("change", .integer(2)), ("save", .bool(true)),
    ])
    let capabilities: [(String, JSON)] = [
      ("positionEncoding", .string("utf-16")),
      ("textDocumentSync", synchronization),
      ("hoverProvider", .bool(true)),
      (
        "completionProvider",
        .object([("triggerCharacters", .array([">", "(", ",", "=", ":", " ", "\"", "/"].map(JSON.string)))])
      ),
      ("definitionProvider", .bool(true)),
      ("referencesProvider", .bool(true)),
      ("documentHighlightProvider", .bool(true)),
      ("documentSymbolProvider", .bool(true)),
      ("renameProvider", .object([("prepareProvider", .bool(true))])),
      ("documentFormattingProvider", .bool(true)),
      ("codeActionProvider", .object([("codeActionKinds", .array([.string("quickfix")]))])),
      ("inlayHintProvider", .bool(true)),
    ]
    return .object([
      ("capabilities", .object(capabilities)),
      ("serverInfo", .object([("name", .string("netc")), ("version", .string(version))])),
    ])
  }
}
