import Driver
import Foundation
import Semantics
import Source
import Testing

/// The pages of `netc explain`: their examples show what they say, and `docs/diagnostics.md` holds them.
@Suite struct ExplanationTests {
  static let codes = diagnosticCodes.map(\.code)

  private func page(_ code: String) throws -> DiagnosticCode {
    try #require(diagnosticCodes.first { $0.code == code })
  }

  @Test(arguments: codes) func theWrongExampleGivesThisCodeAndNothingElse(code: String) throws {
    let diagnostics = Compilation(try page(code).wrong).diagnostics
    #expect(diagnostics.map(\.code) == [code], "\(diagnostics.map(\.oneLine))")
    #expect(try diagnostics.first?.severity == page(code).severity)
  }

  @Test(arguments: codes) func theRightExampleGivesNothing(code: String) throws {
    #expect(Compilation(try page(code).right).diagnostics.map(\.oneLine) == [])
  }

  /// Codes are listed in order, each once, and a page says something.
  @Test func theCatalogueIsInOrder() {
    #expect(Self.codes == Set(Self.codes).sorted())
    for code in diagnosticCodes { #expect(code.title.count > 8 && code.what.count > 30 && code.why.count > 30) }
  }

  /// `UPDATE_GOLDEN=1` writes the page anew.
  @Test func theDocumentHoldsEveryPage() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let golden = root.appending(path: "docs/diagnostics.md")
    let text = document
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try text.write(to: golden, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: golden, encoding: .utf8) == text, "UPDATE_GOLDEN=1 writes the page anew")
  }

  private var document: String {
    let groups = [
      ("Text", "N0"), ("Nets and blocks", "N1"), ("Training and options", "N2"), ("Warnings", "N3"),
    ]
    let contents = groups.map { title, prefix in
      let rows = diagnosticCodes.filter { $0.code.hasPrefix(prefix) }
        .map { "| [\($0.code)](#\($0.code.lowercased())) | \($0.title) |\n" }
      return "**\(title)**\n\n| code | what |\n|---|---|\n" + rows.joined() + "\n"
    }
    return """
      # Errors and warnings

      Every message of `netc check` has a stable code. `netc explain N104` shows its page; this document holds all of them. It is
      generated from the pages and their examples, with what netc says about the wrong ones now.


      """ + contents.joined() + diagnosticCodes.map(section).joined(separator: "\n")
  }

  private func section(_ code: DiagnosticCode) -> String {
    let reading = DiagnosticRenderer().text(Compilation(code.wrong).diagnostics[0])
    let files = code.right.files.sorted { $0.key < $1.key }.map {
      "With `\($0.key)`:\n\n" + block("\($0.value)\n") + "\n"
    }
    return """
      ## \(code.code)

      **\(code.title.prefix(1).uppercased() + code.title.dropFirst()).** \(code.what)

      \(code.why)

      Wrong\(options(code.wrong)):

      \(block(code.wrong.text + "\n"))
      \(block(reading))
      Right\(options(code.right)):

      \(block(code.right.text + "\n"))\(files.isEmpty ? "" : "\n" + files.joined())
      """
  }

  private func options(_ example: DiagnosticCode.Example) -> String {
    example.set.map { " with `--set \($0)`" }.joined() + (example.isLatin1 ? " (saved as Latin-1)" : "")
  }

  private func block(_ text: String) -> String { "```\n\(text)```\n" }
}
