import Foundation
import Semantics
import Source
import Testing

/// Files with the mistakes that beginners make, each with its cause in the first line, and what they read about it:
/// `UPDATE_GOLDEN=1` writes the readings anew.
@Suite struct BeginnerTests {
  static let fixtures =
    ((try? FileManager.default.contentsOfDirectory(
      at: packageRoot.appending(path: "Tests/SemanticsTests/Fixtures/beginner"), includingPropertiesForKeys: nil)) ?? [])
    .filter { $0.pathExtension == "net" }.sorted { $0.path < $1.path }

  @Test func thereAreForty() { #expect(Self.fixtures.count == 40) }

  @Test(arguments: fixtures) func reading(_ url: URL) throws {
    let file = SourceFile(path: url.lastPathComponent, bytes: try Data(contentsOf: url))
    #expect(file.span(0, file.bytes.count).text.hasPrefix("# cause: "))
    let diagnostics = checked(file).diagnostics
    #expect(!diagnostics.isEmpty)
    let text = DiagnosticRenderer().text(diagnostics)
    let golden = url.deletingPathExtension().appendingPathExtension("txt")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil { try Data(text.utf8).write(to: golden) }
    #expect(try String(contentsOf: golden, encoding: .utf8) == text)
  }
}
