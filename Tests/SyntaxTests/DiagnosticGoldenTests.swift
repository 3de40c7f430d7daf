import Foundation
import Source
import Syntax
import Testing

/// Files with mistakes, and what the user reads about them beside each; `UPDATE_GOLDEN=1` writes the readings anew.
@Suite struct DiagnosticGoldenTests {
  static let fixtures = files(in: "Tests/Goldens/syntax", suffix: ".net")

  @Test(arguments: fixtures) func rendering(_ url: URL) throws {
    let golden = url.deletingPathExtension().appendingPathExtension("txt")
    let text = DiagnosticRenderer().text(parse(try sourceFile(url)).1)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try Data(text.utf8).write(to: golden)
    }
    #expect(try String(contentsOf: golden, encoding: .utf8) == text)
  }

  /// Every code has a file that shows it and a page that explains it.
  @Test func everyCodeIsShown() throws {
    let shown = Set(try Self.fixtures.flatMap { parse(try sourceFile($0)).1.map(\.code) })
    let known = Set(syntaxCodes.map(\.code))
    #expect(known.subtracting(shown) == [])
    #expect(shown.subtracting(known) == [])
  }

  /// Applying an offered fix removes the mistake; others that it hid may appear.
  @Test(arguments: fixtures) func fixesRemoveTheirMistake(_ url: URL) throws {
    let file = try sourceFile(url)
    for diagnostic in parse(file).1 {
      for help in diagnostic.help where !help.edits.isEmpty {
        let after = parse(file.applying(help.edits)).1
        let same = after.filter {
          $0.message == diagnostic.message && $0.span.line - diagnostic.span.line <= 1
            && $0.span.start <= diagnostic.span.start + 1
            && $0.span.start >= diagnostic.span.start
        }
        #expect(same.map(\.oneLine) == [], "\(diagnostic.oneLine): \(help.text)")
      }
    }
  }
}
