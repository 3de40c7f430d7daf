import Foundation
import Source
import Syntax
import Testing

/// Complete networks: every construct of the language stands in one of them.
@Suite struct ModelTests {
  static let models = files(in: "models", suffix: ".net") + files(in: "Tests/Goldens/syntax/accepted", suffix: ".net")

  @Test(arguments: models) func parsesWithoutDiagnostics(_ url: URL) throws {
    let (tree, diagnostics) = parse(try sourceFile(url))
    #expect(diagnostics.map(\.message) == [])
    #expect(!tree.declarations.isEmpty)
  }

  @Test func areAllThere() {
    #expect(Self.models.count >= 8)
  }
}
