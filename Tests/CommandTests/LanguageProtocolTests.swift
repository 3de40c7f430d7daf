import Foundation
import Testing

/// The protocol itself: order, nonsense, ends.
@Suite struct LanguageProtocolTests {
  @Test func initializeComesFirstAndOnce() throws {
    let client = try LanguageClient(initialized: false)
    #expect(try client.errorCode("textDocument/hover", [:]) == -32002)
    #expect(try client.request("initialize", [:])["capabilities"] != nil)
    #expect(try client.errorCode("initialize", [:]) == -32600)
    #expect(try client.end() == 0)
  }

  @Test func unknownMethodsAreNotFound() throws {
    let client = try LanguageClient()
    #expect(try client.errorCode("textDocument/paint", [:]) == -32601)
    #expect(try client.errorCode("$/paint", [:]) == -32601)
    client.send(method: "textDocument/paint", [:])
    client.send(method: "$/cancelRequest", ["id": 7])
    #expect(try client.errorCode("textDocument/hover", ["textDocument": ["uri": "file:///none.net"]]) == -32602)
    #expect(try client.end() == 0)
  }

  @Test(arguments: [
    ("{", -32700), ("[1, 2", -32700), ("{\"id\": 01}", -32700), ("nonsense", -32700), ("7", -32600), ("[]", -32600),
    ("{\"jsonrpc\": \"2.0\", \"id\": 1}", -32600), (String(repeating: "[", count: 100_000), -32700), ("", -32700),
  ])
  func nonsenseIsAnsweredAndSurvived(body: String, code: Int) throws {
    let client = try LanguageClient()
    client.send(body: body)
    let answer = try client.receive()
    #expect((answer["error"] as? [String: Any])?["code"] as? Int == code)
    #expect(try client.end() == 0)
  }

  @Test func brokenHeadersAreSurvived() throws {
    let client = try LanguageClient()
    client.send(raw: "Content-Type: text\r\n\r\n")
    #expect((try client.receive()["error"] as? [String: Any])?["code"] as? Int == -32600)
    client.send(raw: "Content-Length: -5\r\n\r\n")
    #expect((try client.receive()["error"] as? [String: Any])?["code"] as? Int == -32600)
    client.send(raw: "Content-Length: 99999999999\r\n\r\n")
    #expect(
      (try client.receive()["error"] as? [String: Any])?["message"] as? String
        == "a message of 99999999999 bytes is too large")
  }

  /// A message with a wrong length is lost, and perhaps the one behind it, but not all that follow.
  @Test(arguments: [-20, -1, 1, 20]) func wrongLengthsAreRecoveredFrom(difference: Int) throws {
    let client = try LanguageClient()
    let body = "{\"jsonrpc\":\"2.0\",\"id\":900,\"method\":\"textDocument/hover\",\"params\":{}}"
    client.send(raw: "Content-Length: \(body.utf8.count + difference)\r\n\r\n\(body)")
    client.send(body: body)
    #expect(try client.errorCode("textDocument/hover", [:]) == -32602)
    #expect(try client.end() == 0)
  }

  /// A header and a body may come in any pieces.
  @Test func messagesComeInPieces() throws {
    let client = try LanguageClient(initialized: false)
    let body = "{\"jsonrpc\":\"2.0\",\"id\":\"one\",\"method\":\"initialize\",\"params\":{}}"
    for character in "content-length: \(body.utf8.count)\r\nContent-Type: x\r\n\r\n\(body)" {
      client.send(raw: String(character))
    }
    #expect(try client.receive()["id"] as? String == "one")
  }

  @Test func anOpenFileOfTenMegabytesIsChecked() throws {
    let client = try LanguageClient()
    let text =
      "const a = unknown\n" + String(repeating: "# a long comment that goes on and on and on and on\n", count: 200_000)
    #expect(try client.open("file:///large.net", text).count == 1)
    #expect(try client.end() == 0)
  }

  @Test func theStatusTellsHowItEnded() throws {
    #expect(try LanguageClient().end() == 0)
    #expect(try LanguageClient().end(shutdown: false) == 1)
    #expect(try LanguageClient().hangUp() == 1)
    let client = try LanguageClient()
    _ = try client.answer("shutdown", [:])
    #expect(try client.errorCode("textDocument/hover", [:]) == -32600)
    #expect(client.hangUp() == 0)
  }

  /// Whatever is typed, every question is answered.
  @Test func halfWrittenFilesAnswerEverything() throws {
    let text = try String(contentsOfFile: "\(NetcProcess.models)/resnet18.net", encoding: .utf8)
    let client = try LanguageClient()
    let uri = "file:///half.net"
    for length in stride(from: 0, to: text.count, by: 61) {
      let part = String(text.prefix(length))
      if length == 0 { try client.open(uri, part) } else { try client.change(uri, part) }
      let lines = part.split(separator: "\n", omittingEmptySubsequences: false)
      let place: [String: Any] = [
        "textDocument": ["uri": uri],
        "position": ["line": max(0, lines.count - 1), "character": lines.last?.utf16.count ?? 0],
        "range": ["start": ["line": 0, "character": 0], "end": ["line": 999, "character": 0]], "newName": "other",
      ]
      for method in [
        "hover", "completion", "definition", "references", "documentHighlight", "prepareRename", "rename",
        "documentSymbol", "formatting", "codeAction", "inlayHint",
      ] {
        let answer = try client.answer("textDocument/\(method)", place)
        #expect(answer.keys.contains("result") || answer.keys.contains("error"), "\(method) at \(length)")
      }
    }
    #expect(try client.end() == 0)
  }
}
