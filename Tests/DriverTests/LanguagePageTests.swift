import Driver
import Foundation
import Semantics
import Source
import Testing

/// The examples of `docs/language.md`: what is shown as right has no mistakes, what is shown as wrong has the message below it.
/// `UPDATE_GOLDEN=1` writes the messages anew.
@Suite struct LanguagePageTests {
  /// A block of code between fences.
  private struct Block {
    /// What stands behind the opening fence: `net`, `net wrong`, `net file=parts.net`, `text`.
    var kind: String
    var line: Int
    var text: String
  }

  private static let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "docs/language.md")

  @Test func examplesAreWhatThePageSays() throws {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    var result: [Substring] = []
    var messages: String?
    var files: [String: String] = [:]
    var (right, wrong) = (0, 0)
    for part in Self.parts(of: text) {
      guard let block = part.block else {
        result += part.lines
        continue
      }
      if let expected = messages {
        #expect(block.kind == "text", "line \(block.line): the message of the example above is missing")
        #expect(block.text == expected, "line \(block.line)")
        result += [part.lines[0]] + expected.split(separator: "\n", omittingEmptySubsequences: false) + ["```"]
        messages = nil
        continue
      }
      result += part.lines
      let found = Self.check(block.text, files)
      switch block.kind {
      case "net":
        #expect(found.isEmpty, "line \(block.line): \(found)")
        right += 1
      case "net wrong":
        #expect(!found.isEmpty, "line \(block.line) has no mistake")
        messages = found
        wrong += 1
      case let kind where kind.hasPrefix("net file="):
        #expect(found.isEmpty || !found.contains("error"), "line \(block.line): \(found)")
        files[String(kind.dropFirst(9))] = block.text
      default: Issue.record("line \(block.line): unknown kind of block: \(block.kind)")
      }
    }
    #expect(messages == nil)
    #expect(right >= 15 && wrong >= 6)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try result.joined(separator: "\n").write(to: Self.page, atomically: true, encoding: .utf8)
    }
  }

  /// What netc says about a file that stands on the page.
  private static func check(_ text: String, _ files: [String: String]) -> String {
    let compilation = Compilation(SourceFile(path: "example.net", text: text + "\n")) { path, _ in
      files[path].map { .file(SourceFile(path: path, text: $0)) } ?? .failure("no such file or folder")
    }
    var rendered = DiagnosticRenderer().text(compilation.diagnostics)
    while rendered.last == "\n" { rendered.removeLast() }
    return rendered
  }

  /// The lines of the page, cut at code blocks.
  private static func parts(of text: String) -> [(block: Block?, lines: [Substring])] {
    var parts: [(block: Block?, lines: [Substring])] = []
    var open: (kind: String, line: Int)?
    var lines: [Substring] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if let (kind, start) = open {
        lines.append(line)
        guard line == "```" else { continue }
        let inner = lines.dropFirst().dropLast().joined(separator: "\n")
        parts.append((Block(kind: kind, line: start, text: inner), lines))
        open = nil
        lines = []
      } else if line.hasPrefix("```") {
        parts.append((nil, lines))
        open = (String(line.dropFirst(3)), index + 1)
        lines = [line]
      } else {
        lines.append(line)
      }
    }
    parts.append((nil, lines))
    return parts
  }
}
