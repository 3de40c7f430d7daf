import Foundation
import Semantics
import Source
import Testing

/// Files with mistakes of meaning, and what the user reads about them beside each; `UPDATE_GOLDEN=1` writes the readings anew.
@Suite struct DiagnosticGoldenTests {
  static let fixtures =
    ((try? FileManager.default.contentsOfDirectory(
      at: packageRoot.appending(path: "Tests/Goldens/check"), includingPropertiesForKeys: nil)) ?? [])
    .filter { $0.pathExtension == "net" }.sorted { $0.path < $1.path }

  @Test(arguments: fixtures) func rendering(_ url: URL) throws {
    let golden = url.deletingPathExtension().appendingPathExtension("txt")
    let text = DiagnosticRenderer().text(try diagnostics(url))
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try Data(text.utf8).write(to: golden)
    }
    #expect(try String(contentsOf: golden, encoding: .utf8) == text)
  }

  /// A file that is wrong gives at least one diagnostic, and no more than are useful.
  @Test(arguments: fixtures) func countIsBounded(_ url: URL) throws {
    let count = try diagnostics(url).count
    #expect((1...24).contains(count))
  }

  /// Applying an offered fix removes the mistake.
  @Test(arguments: fixtures) func fixesRemoveTheirMistake(_ url: URL) throws {
    let file = SourceFile(path: url.lastPathComponent, bytes: try Data(contentsOf: url))
    for diagnostic in checked(file).diagnostics {
      for help in diagnostic.help where !help.edits.isEmpty {
        let after = checked(file.applying(help.edits)).diagnostics
        let same = after.filter { $0.message == diagnostic.message && $0.span.line == diagnostic.span.line }
        #expect(same.map(\.message) == [], "\(diagnostic.message): \(help.text)")
      }
    }
  }

  private func diagnostics(_ url: URL) throws -> [Diagnostic] {
    checked(SourceFile(path: url.lastPathComponent, bytes: try Data(contentsOf: url))).diagnostics
  }
}
