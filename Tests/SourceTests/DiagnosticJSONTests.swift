import Foundation
import Source
import Testing

/// The machine-readable form, read back by Foundation's parser.
@Suite struct DiagnosticJSONTests {
  @Test func roundTrip() throws {
    let file = SourceFile(path: "dir/\"q\".net", text: "net A {\n  猫 = 1\n}\n")
    let diagnostic = Diagnostic(
      "N104", .warning, "tab\tquote\" back\\ bell\u{7} 猫", at: file.span(10, 13), label: "here",
      secondary: [.init(file.span(0, 3), "there")], context: "in block b",
      notes: [.shapesOnTheWay([.init("x", "f32[3]", at: file.span(0, 3), arithmetic: "1 + 2")])],
      help: [.init("do this", edits: [.init(file.span(10, 13), "cat")])])
    let text = Diagnostic.json([diagnostic, diagnostic])
    let array = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    #expect(array.count == 2)
    let object = array[0]
    #expect(object["code"] as? String == "N104")
    #expect(object["severity"] as? String == "warning")
    #expect(object["message"] as? String == "tab\tquote\" back\\ bell\u{7} 猫")
    #expect(object["label"] as? String == "here")
    #expect(object["context"] as? String == "in block b")
    let span = try #require(object["span"] as? [String: Any])
    #expect(span["file"] as? String == "dir/\"q\".net")
    #expect(span["start"] as? [String: Int] == ["line": 2, "column": 3, "byte": 10])
    #expect(span["end"] as? [String: Int] == ["line": 2, "column": 4, "byte": 13])
    #expect((object["labels"] as? [[String: Any]])?[0]["text"] as? String == "there")
    let note = try #require((object["notes"] as? [[String: Any]])?[0])
    #expect((note["rows"] as? [[String: Any]])?[0]["arithmetic"] as? String == "1 + 2")
    let help = try #require((object["help"] as? [[String: Any]])?[0])
    #expect((help["edits"] as? [[String: Any]])?[0]["replacement"] as? String == "cat")
    #expect(help["sure"] as? Bool == true)
  }

  @Test func none() throws {
    #expect(Diagnostic.json([]) == "[]\n")
  }
}
