import Foundation
import Source
import Syntax
import Testing

/// The shape of the tree: a golden for every construct, and what holds of all trees.
@Suite struct TreeTests {
  @Test func everyConstruct() throws {
    let url = packageRoot.appending(path: "Tests/Goldens/syntax/accepted/constructs.net")
    let golden = url.deletingPathExtension().appendingPathExtension("txt")
    let dump = parse(try sourceFile(url)).0.dump
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try Data(dump.utf8).write(to: golden)
    }
    #expect(try String(contentsOf: golden, encoding: .utf8) == dump)
  }

  /// Where newlines count and where they do not.
  @Test(arguments: [
    ("net A {\n  x = a\n    -> b\n}", ""), ("net A {\n  x = a\n\n  # c\n    -> b\n}", ""), ("net A { x = a }", ""),
    ("net A {}", ""), ("net A {\n}", ""), ("\n\nnet A { }\n\n", ""), ("net A {\n  x = (a\n    + b)\n}", ""),
    ("net A {\n  x = a -> {\n    b\n    -> c\n  }\n}", ""), ("net A(\n  a,\n  b = 1,\n) {\n}", ""),
    ("net A {\n  x = [\n    1,\n    2,\n  ]\n}", ""), ("net A {\n  x = a +\n    b\n}", "N020"),
    ("net A {\n  x =\n    b\n}", "N020"), ("net A { x = a y = b }", "N012"), ("net A { } net B { }", "N012"),
    ("const a\n= 1", "N026"), ("train A {\n  epochs = 3\n  batch = all\n}", ""), ("x", "N010"), ("}", "N014"),
  ])
  func newlines(_ text: String, _ expected: String) {
    #expect(codes(text).joined(separator: " ") == expected)
    #expect(codes(text.replacing("\n", with: "\r\n")).joined(separator: " ") == expected)
  }

  /// Independent mistakes on several lines of one flow are reported in one run, and what is right is kept.
  @Test func flowsRecoverByLine() throws {
    let file = SourceFile(
      path: "test.net",
      text: """
        net A {
          output y = x
            -> conv1: conv(64 3)
            -> relu
            -> 7
            -> conv2: conv(64, 3)
            -> fc: linear(10
              -> relu
        }

        net B { input x: f32[4] }
        """)
    let (tree, diagnostics) = parse(file)
    #expect(diagnostics.map(\.code) == ["N026", "N022", "N013"])
    #expect(diagnostics.map(\.span.line) == [3, 5, 7])
    #expect(tree.declarations.count == 2)
    guard case .net(let net) = tree.declarations[0], case .output(let output) = net.body[0] else {
      Issue.record("not an output")
      return
    }
    // The last one stands for what the bracket without end hides.
    #expect(output.value.stages.count == 6)
  }

  /// Twenty are shown; one more says that there are more.
  @Test func mistakesAreLimited() {
    let lines = (0..<100).map { "const a\($0) = .5 )\n" }.joined()
    #expect(codes(lines).count == 21)
  }

  @Test func expressionsAloneAreNamedByTheCaller() {
    let (flow, diagnostics) = parseExpression("warmup(5 epochs) -> cosine(to=0)", name: "--set schedule")
    #expect(diagnostics.isEmpty)
    #expect(flow.stages.count == 1)
    let mistake = parseExpression("1e-3.", name: "--set lr").1
    #expect(mistake.map(\.oneLine).first?.hasPrefix("--set lr=1e-3.: error[N004]") == true)
  }
}
