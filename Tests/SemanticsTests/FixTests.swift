import Foundation
import Semantics
import Source
import Syntax
import Testing

/// Applying a fix that is offered removes its diagnostic and adds none: what the fix would bring to light has been told before.
@Suite struct FixTests {
  static let fixtures = ["Tests/Goldens/check", "Tests/Goldens/syntax", "Tests/SemanticsTests/Fixtures/beginner"]
    .flatMap { folder in
      ((try? FileManager.default.contentsOfDirectory(
        at: packageRoot.appending(path: folder), includingPropertiesForKeys: nil)) ?? [])
        .filter { $0.pathExtension == "net" }.sorted { $0.path < $1.path }
    }

  @Test(arguments: fixtures) func fixesOfFiles(_ url: URL) throws {
    try expectCleanFixes(SourceFile(path: url.lastPathComponent, bytes: try Data(contentsOf: url)))
  }

  /// Mistakes of which one used to hide the other.
  @Test(
    arguments: [
      "-> linear(10) -> softmax -> dropout(0.5)", "-> linear(10) -> relu -> dropout(0.5)",
      "-> linear(10) -> softmax -> relu", "-> linear(10) -> dropout(0.5) -> dropout(0.5)",
      "-> linear(10) -> dropout(0.1) -> relu -> softmax", "-> linear(10, inputs=9) -> batch_norm -> linear(10)",
      "→ linear(7 / 2) → linaer(10)", "-> linaer(8) -> conv(3, 3) -> linear(10)", "-> Linear(8, 10)",
      "-> linear(8,, 4)",
      "-> linear(8) -> sofmax(axes=0)", "-> fc", "-> linear(4)\u{200B} -> linaer(10)", "-> lin\u{200B}aer(10)",
      "-> relu(linear(x, 5))", "-> dropout(50) -> linear(10, biass=1)",
    ])
  func fixesOfOutputs(_ flow: String) throws {
    let text = """
      net N {
        input x: f32[8]
        h = x -> linear(8, inputs=7)
        logits = h -> last: linear(10)
        output y = x \(flow)
      }

      train N {
        target t: index(10)
        data = tensors("a.safetensors")
        loss = cross_entropy(y, t)
        metrics = [acuracy, top_k(20)]
        optimizer = sgd(lr=0.1)
        schedule = plateau(on=val.acuracy, factor=0.1, patience=2 epochs)
        epochs = 3
      }
      """
    try expectCleanFixes(SourceFile(path: "test.net", text: text))
  }

  /// Trying the fixes leaves nearly all of them.
  @Test func fewFixesAreWithheld() throws {
    var (tried, offered) = (0, 0)
    for url in Self.fixtures {
      let file = SourceFile(path: url.lastPathComponent, bytes: try Data(contentsOf: url))
      let (tree, mistakes) = parse(file)
      tried += count(elaborate(tree, mistakes: mistakes, provesFixes: false))
      offered += count(elaborate(tree, mistakes: mistakes))
    }
    #expect(tried > 80)
    #expect(Double(offered) > 0.9 * Double(tried))
  }

  private func count(_ found: Elaboration) -> Int {
    found.diagnostics.flatMap(\.help).count { !$0.edits.isEmpty }
  }

  private func expectCleanFixes(_ file: SourceFile) throws {
    let before = checked(file).diagnostics
    try #require(before.count <= Diagnostic.shownLimit)
    for diagnostic in before {
      for help in diagnostic.help where !help.edits.isEmpty {
        var left = Dictionary(before.map { ($0.summary, 1) }, uniquingKeysWith: +)
        left[diagnostic.summary, default: 0] -= 1
        for other in checked(file.applying(help.edits)).diagnostics {
          left[other.summary, default: 0] -= 1
          #expect(left[other.summary, default: 0] >= 0, "\(diagnostic.message): \(help.text): \(other.oneLine)")
        }
      }
    }
  }
}

extension Diagnostic {
  /// What it says, wherever it stands; the numbers of lines differ where a fix adds one.
  fileprivate var summary: String {
    var words = "\(code) \(message)".split(separator: " ")
    for index in words.indices.dropFirst() where words[index - 1] == "line" && Int(words[index]) != nil {
      words[index] = "…"
    }
    return words.joined(separator: " ")
  }
}
