import Foundation
import Testing

/// What `netc lsp` refuses to rename, since the file would say something else afterwards.
@Suite struct RenamingTests {
  @Test(arguments: [
    ("const si|ze", "x", "stands for something else"), ("const si|ze", "width", "stands for something else"),
    ("  |h = x", "y", "declared already"), ("  |h = x", "repeat", "not a name"), ("  |h = x", "1st", "not a name"),
    ("la|st:", "first", "declared already"), ("net |N", "linear", "a word of the language"),
    ("net |N", "size", "declared already"), ("layer sh|ared", "relu", "stands for something else"),
  ])
  func whatChangesTheMeaningIsRefused(place: String, name: String, reason: String) throws {
    let text = """
      const size = 4

      net N(width = 3) {
        input x: f32[4]
        layer shared: linear(4)
        h = x -> shared -> first: linear(size) -> relu
        output y = h -> last: linear(size)
      }

      """
    let (client, uri) = (try LanguageClient(), "file:///renaming.net")
    #expect(try client.open(uri, text).filter { $0["severity"] as? Int == 1 }.isEmpty)
    var parameters = try LanguageClient.place(uri, text, place)
    parameters["newName"] = name
    let error = try client.answer("textDocument/rename", parameters)["error"] as? [String: Any]
    #expect((error?["message"] as? String)?.contains(reason) == true, "\(String(describing: error))")
  }

  /// A name that another file declares is changed there too, and not where it would be taken for one of that file.
  @Test func importedNamesAreNotCaptured() throws {
    let folder = try TestFolder()
    try folder.write("blocks.net", "const size = 4\n")
    let main = "import \"blocks.net\"\n\nnet A {\n  input x: f32[3]\n  output y = x -> linear(size)\n}\n"
    let uri = "file://\(try folder.write("main.net", main))"
    let client = try LanguageClient(root: folder.path)
    try client.open(uri, main)
    var parameters = try LanguageClient.place(uri, main, "linear(si|ze)")
    parameters["newName"] = "x"
    #expect(try client.errorCode("textDocument/rename", parameters) == -32803)
    parameters["newName"] = "width"
    let changes = try client.request("textDocument/rename", parameters)["changes"] as? [String: Any]
    #expect(changes?.count == 2)
  }
}
