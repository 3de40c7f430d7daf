import Foundation
import Source
import Syntax
import Testing

@testable import Semantics

/// Files that ask for more than a checker should give: one message each, within a moment.
@Suite struct LimitTests {
  /// Binds `name` to a list of ten lists of ten … of ten numbers, `levels` deep: ten to the power of it as many as there are objects.
  private func nested(_ name: String, _ levels: Int, innermost: String = "1", separator: String = "\n  ") -> String {
    var lines = ["\(name)0 = [" + [String](repeating: "1", count: 9).joined(separator: ", ") + ", \(innermost)]"]
    for level in 1...levels {
      lines.append(
        "\(name)\(level) = [" + [String](repeating: "\(name)\(level - 1)", count: 10).joined(separator: ", ") + "]")
    }
    return lines.joined(separator: separator)
  }

  private func net(_ body: String, parameters: String = "") -> String {
    "net N\(parameters) {\n  input x: f32[4]\n  \(body)\n}\n"
  }

  /// The codes of a file's errors, which must come within a second.
  private func errors(_ text: String, within limit: Double = 1) -> [String] {
    var found: Elaboration?
    let (tree, mistakes) = parse(SourceFile(path: "test.net", text: text))
    let seconds = processorSeconds { found = elaborate(tree, mistakes: mistakes, isObserving: true) }
    #expect(seconds < limit, "\(seconds) s")
    for diagnostic in found?.diagnostics ?? [] { #expect(diagnostic.message.count < 400) }
    return (found?.diagnostics ?? []).filter { $0.severity == .error }.map(\.code)
  }

  @Test func sharedListsAreComparedOnce() {
    let lists = nested("a", 60) + "\n  " + nested("b", 60) + "\n  " + nested("c", 60, innermost: "2")
    #expect(
      errors(net("\(lists)\n  assert a60 == a60\n  assert a60 == b60 and not (a60 != b60)\n  output y = x")) == [])
    #expect(errors(net("\(lists)\n  assert a60 != c60\n  output y = x")) == [])
    #expect(errors(net("\(lists)\n  assert a60 == c60\n  output y = x")) == ["N117"])
  }

  /// The words of a line are read once, however many mistakes stand on it.
  @Test(arguments: ["@", "?", "}", "a\u{301}", "\u{301}"]) func aLongLineOfMistakes(_ mark: String) {
    #expect(!errors(String(repeating: mark, count: (1 << 20) / mark.utf8.count), within: 3).isEmpty)
  }

  /// A list of tensors has no value to compare; one that holds a mistake is not a second mistake.
  @Test func whatCannotBeCompared() {
    #expect(errors(net("a = [x]\n  assert a == a\n  output y = x")) == ["N122"])
    #expect(errors(net("a = [nothing]\n  assert a == a\n  output y = x")) == ["N102"])
    #expect(errors(net("assert [none] != [1]\n  assert [1, [2, true]] == [2 - 1, [2.0, true]]\n  output y = x")) == [])
  }

  @Test(
    arguments: [
      "a25 -> relu", "x -> linear(a25)", "x -> linear(4, bias=a25)", "x -> linear(a25 + 1)", "x -> reshape(a25)",
      "x -> dropout(a25)", "x -> repeat a25 { relu }", "x -> for i, j in a25 { relu }", "x + a25",
      "x -> linear(max(a25))",
      "x -> if a25 { relu }", "x -> for i in a25 { relu{i}: relu }", "x -> pass(a25)", "x -> a25",
    ])
  func sharedListsInMessages(_ flow: String) {
    let block = "block pass(v) {\n  input x: f32[n]\n  assert v == 1\n  output y = x\n}\n"
    #expect(!errors(block + net(nested("a", 25) + "\n  output y = " + flow)).isEmpty)
  }

  @Test func sharedListsAsDefaults() throws {
    let parameters = "(" + nested("p", 25, separator: ", ") + ")"
    let text = net("output y = x -> linear(if p25 == p25 then 3 else 2)", parameters: parameters)
    #expect(errors(text) == [])
    let found = checked(text: text)
    let model = try #require(found.models.first)
    #expect(model.parameters[0].value == "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1]" && !model.parameters[0].isCut)
    #expect(model.parameters[25].isCut && model.parameters[25].value.utf8.count < 2000)
  }

  @Test func listsAreNotNestedWithoutEnd() {
    let lines = (1...20_000).map { "a\($0) = [a\($0 - 1)]" }.joined(separator: "\n  ")
    #expect(errors(net("a0 = 1\n  \(lines)\n  output y = x"), within: 3) == ["N118"])
    let few = (1...Elaborator.depthLimit).map { "a\($0) = [a\($0 - 1)]" }.joined(separator: "\n  ")
    #expect(errors(net("a0 = 1\n  \(few)\n  output y = x")) == [])
  }

  @Test(
    arguments: [
      (0..<100).map { "a\($0) = range(100000)" }.joined(separator: "\n  ") + "\n  output y = x",
      "output y = x -> repeat 1000 { dropout(max(range(100000)) / 1000000) }",
      "a = range(100000)\n  output y = x -> repeat 40000 { dropout(if max(a) > 3 then 0.1 else 0.2) }",
      "a = range(100000)\n  output y = x -> repeat 40000 { if a == range(100000) { relu } }",
      "output y = x -> repeat 40000 { if [" + String(repeating: "1, ", count: 5000) + "1] == [1] { relu } }",
    ])
  func workIsLimitedInSum(_ body: String) { #expect(errors(net(body), within: 3) == ["N118"]) }

  @Test func constantsCountToo() {
    let constants = (0..<100).map { "const a\($0) = range(100000)\n" }.joined()
    #expect(errors(constants + net("output y = x"), within: 3) == ["N118"])
  }

  /// What is passed over in every turn is looked at once.
  @Test func branchesAreResolvedOnce() {
    let branch = [String](repeating: "relu", count: 3000).joined(separator: " -> ")
    #expect(errors(net("output y = x -> repeat 20000 { if 1 > 2 { \(branch) } }"), within: 3) == [])
    #expect(errors(net("output y = x -> repeat 20000 { repeat 0 { \(branch) } }"), within: 3) == [])
    #expect(errors(net("output y = x -> repeat 20000 { if 1 > 2 { linaer(3) } }"), within: 3) == ["N101"])
  }

  // MARK: Many mistakes

  private func wrongLayers(_ count: Int) -> String {
    net((0..<count).map { "a\($0) = x -> l\($0): linear(4, inputs=5)" }.joined(separator: "\n  ") + "\n  output y = x")
  }

  /// Twenty are shown, and how many there are; the time grows with their number.
  @Test func mistakesAreCounted() throws {
    let few = checked(text: wrongLayers(20))
    #expect(few.diagnostics.count == 20 && few.hidden.text == nil)
    let one = checked(text: wrongLayers(21))
    #expect(one.diagnostics.count == 20 && one.hidden.text == "1 more error is not shown")
    var many: Elaboration?
    let text = wrongLayers(10_000)
    let seconds = processorSeconds { many = checked(text: text) }
    #expect(many?.hidden.errors == 9980)
    #expect(seconds < 3, "\(seconds) s")
  }

  /// The same in one long flow, where each message could tell all shapes before it.
  @Test func mistakesOfOneFlow() {
    let flow = String(repeating: "\n    -> linear(4, inputs=5)", count: 10_000)
    var found: Elaboration?
    let seconds = processorSeconds { found = checked(text: net("output y = x\(flow)")) }
    #expect(found?.hidden.errors == 9980)
    #expect(seconds < 3, "\(seconds) s")
  }

  @Test func namesAndSyntaxAreCounted() {
    let names = (0..<50).map { "a\($0) = b\($0) -> relu" }.joined(separator: "\n  ")
    #expect(checked(text: net(names + "\n  output y = x")).hidden.text == "30 more errors are not shown")
    // The parser gives up, so that nobody knows how many there are.
    let lines = (0..<50).map { "a\($0) = = 1" }.joined(separator: "\n  ")
    let syntax = checked(text: net(lines + "\n  output y = x"))
    #expect(syntax.diagnostics.count == 20 && syntax.hidden.text == "more errors are not shown")
  }

  @Test func warningsAreLimited() {
    let unused = (0..<50).map { "a\($0) = \($0)" }.joined(separator: "\n  ")
    let warnings = checked(text: net(unused + "\n  output y = x"))
    #expect(warnings.diagnostics.count == 20 && warnings.hidden.text == "30 more warnings are not shown")
    // Errors go first.
    let both = checked(
      text: net((0..<15).map { "a\($0) = nothing\($0)" }.joined(separator: "\n  ") + "\n  output y = x")
        + "net M {\n  input x: f32[3, 8, 8]\n  output y = x"
        + String(repeating: " -> conv(8, 3, pad=1) -> batch_norm", count: 15) + "\n}\n")
    #expect(both.diagnostics.count == 20 && both.diagnostics.prefix(15).allSatisfy { $0.severity == .error })
    #expect(both.hidden.text == "10 more warnings are not shown")
  }

  // MARK: Long texts

  @Test func longNamesAreCut() throws {
    let name = String(repeating: "a", count: 100_000)
    for text in [
      net("output y = x -> \(name)(3)"), net("output y = \(name)"), net("\(name) = x -> conv(3, 3)\n  output y = x"),
      net("output y = x -> \(name): conv(3, 3)"), net("output y = x -> linear(3, \(name)=3)"),
      "net \(name) {\n  input x: f32[4]\n}\n", net("output y = x -> a" + String(repeating: ".a", count: 50_000)),
      net("output y = x -> linear(\"\(name)\")"), net("assert 1 > 2, \"\(name)\"\n  output y = x"),
    ] {
      let diagnostics = checked(text: text).diagnostics
      #expect(!diagnostics.isEmpty)
      #expect(DiagnosticRenderer().text(diagnostics).utf8.count < 5000, "\(diagnostics.map { $0.message.prefix(300) })")
    }
  }

  @Test func axesAreLimited() {
    func axes(_ count: Int) -> String { [String](repeating: "1", count: count).joined(separator: ", ") }
    #expect(errors("net N {\n  input x: f32[\(axes(16))]\n  output y = x\n}\n") == [])
    #expect(errors("net N {\n  input x: f32[\(axes(17))]\n  output y = x\n}\n") == ["N127"])
    #expect(errors("net N {\n  input x: f32[1]\n  output y = x -> reshape([\(axes(16))])\n}\n") == [])
    #expect(errors("net N {\n  input x: f32[1]\n  output y = x -> reshape([\(axes(17))])\n}\n") == ["N124"])
  }

  /// A long way is told by its ends, and says that it is.
  @Test func longChainsSayWhatTheyLeaveOut() throws {
    let flow = (0..<40).map { "linear(\($0 + 2))" }.joined(separator: " -> ")
    let diagnostic = try #require(checked(text: net("output y = x -> \(flow) -> conv(3, 3)")).diagnostics.first)
    let rows = try #require(diagnostic.notes.first?.rows)
    // The input and forty layers.
    #expect(rows.count == 17 && rows[8].name == "… (25 more)")
    #expect(rows[7].type == "f32[8]" && rows[9].type == "f32[34]")
  }
}
