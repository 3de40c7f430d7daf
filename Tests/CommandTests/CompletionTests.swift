import Foundation
import Testing

/// Which names and files `netc lsp` proposes, beside the words of the language.
@Suite struct CompletionTests {
  /// Of the names in a body those that are declared above are proposed.
  @Test(arguments: [
    ("h = x -> linear(4)\n  g = |", ["h", "x", "width"], ["g", "y", "late"]),
    ("h = |", ["x"], ["h", "y"]), ("h = x\n    -> linear(|", ["width"], ["h", "y", "late"]),
    ("h = x -> relu + |", ["x"], ["h"]), ("layer a: linear(3)\n  h = x -> |", ["a", "relu"], ["late"]),
  ])
  func namesBelowAreNotProposed(line: String, wanted: [String], unwanted: [String]) throws {
    let head = "const size = 3\n\nnet N(width = size) {\n  input x: f32[4]\n  "
    let tail = "\n  layer late: linear(2)\n  output y = x -> late\n}\n"
    let marked = head + line + tail
    let text = marked.replacingOccurrences(of: "|", with: "")
    let (client, uri) = (try LanguageClient(), "file:///above.net")
    try client.open(uri, text)
    let result = try client.request("textDocument/completion", LanguageClient.place(uri, text, marked))
    let labels = (result["items"] as? [[String: Any]] ?? []).compactMap { $0["label"] as? String }
    for name in wanted { #expect(labels.contains(name), "\(labels)") }
    for name in unwanted { #expect(!labels.contains(name), "\(labels)") }
  }

  /// Where a value of compile time stands, no tensor is proposed, and nothing that computes with one.
  @Test(arguments: [
    ("N(width = |) {", ["size", "min"], ["width", "x", "relu", "concat"]),
    ("N(width = 3, deep = |) {", ["size", "width"], ["deep", "x"]),
    ("N(width = 3) {\n  input z: f32[|]", ["size", "width"], ["x", "z", "concat"]),
    ("N(width = 3) {\n  h = x -> repeat |", ["size", "width"], ["x", "h", "concat"]),
    ("N(width = 3) {\n  assert |", ["size", "width"], ["x", "y"]),
    ("N(width = 3) {\n  input x: f32[4]\n  output y = x\n}\n\ntrain N(width=|", ["size"], ["width", "x", "y"]),
    ("N(width = 3) {\n  input x: f32[4]\n  output y = x\n}\n\ntrain N(|", ["size", "width="], ["width", "x", "y"]),
  ])
  func valuesOfCompileTimeAreNoTensors(line: String, wanted: [String], unwanted: [String]) throws {
    let marked = "const size = 3\n\nnet " + line + "\n  input x: f32[4]\n  output y = x -> linear(2)\n}\n"
    let text = marked.replacingOccurrences(of: "|", with: "")
    let (client, uri) = (try LanguageClient(), "file:///constant.net")
    try client.open(uri, text)
    let result = try client.request("textDocument/completion", LanguageClient.place(uri, text, marked))
    let items = result["items"] as? [[String: Any]] ?? []
    let labels = items.compactMap { $0["insertText"] as? String ?? $0["label"] as? String }
    for name in wanted { #expect(labels.contains(name), "\(labels)") }
    for name in unwanted { #expect(!labels.contains(name), "\(labels)") }
  }

  @Test func importsAreCompletedFromTheFolder() throws {
    let folder = try TestFolder()
    try FileManager.default.createDirectory(atPath: folder.path + "/parts", withIntermediateDirectories: false)
    for name in ["main.net", "blocks.net", "notes.txt", ".hidden.net"] { try folder.write(name, "const a = 1\n") }
    try FileManager.default.copyItem(atPath: folder.path + "/blocks.net", toPath: folder.path + "/parts/deep.net")
    let client = try LanguageClient(root: folder.path)
    let uri = "file://\(folder.path)/main.net"
    func paths(_ text: String, at column: Int) throws -> [String] {
      try client.open(uri, text)
      let result = try client.request(
        "textDocument/completion",
        ["textDocument": ["uri": uri], "position": ["line": 0, "character": column]])
      return (result["items"] as? [[String: Any]] ?? []).compactMap { $0["label"] as? String }
    }
    #expect(try paths("import \"", at: 8) == ["blocks.net", "parts/"])
    #expect(try paths("import \"\"\n", at: 8) == ["blocks.net", "parts/"])
    #expect(try paths("import \"./parts/d\"\n", at: 17) == ["deep.net"])
    #expect(try paths("import \"parts/../\"\n", at: 17) == ["blocks.net", "parts/"])
    #expect(try paths("import \"none/\"\n", at: 13).isEmpty)
    #expect(try paths("import \"blocks.net\"\n", at: 19).isEmpty)
    #expect(try paths("const a = \"\"\n", at: 11).isEmpty)
  }
}
