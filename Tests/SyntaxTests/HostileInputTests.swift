import Foundation
import Source
import Testing

@testable import Syntax

/// Input that nobody writes by hand: no trap, no hang, at most 20 mistakes, and a reading of them.
@Suite struct HostileInputTests {
  /// Parses `bytes`, lays its mistakes out in every form, and gives their codes.
  @discardableResult
  private func survive(_ bytes: some Sequence<UInt8>) -> [String] {
    let (tree, diagnostics) = parse(SourceFile(path: "hostile\u{1B}[31m.net", bytes: bytes))
    let text = DiagnosticRenderer().text(diagnostics)
    #expect(!text.contains("\u{1B}"))
    #expect(!Diagnostic.json(diagnostics).isEmpty)
    #expect(!tree.dump.contains("\u{1B}"))
    #expect(diagnostics.count <= Mistakes.limit)
    // The longest message is one that a person would read.
    #expect(text.utf8.count < 100_000)
    return diagnostics.map(\.code)
  }

  private func repeated(_ text: String, _ bytes: Int = 1 << 18) -> [UInt8] {
    Array(String(repeating: text, count: bytes / text.utf8.count).utf8)
  }

  @Test(
    .timeLimit(.minutes(15)),
    arguments: [
      "(", "[", "{", "-", "not ", "if ", "((a -> b", "f(", "{ a -> ", "1 + ", "1 ** ", "(1, ", "-> ", "a -> ", "\"",
      "'",
      "\n", " ", "\t", "\0", ";", ")", "}", "é", "猫", "👩‍👩‍👧", "\u{FEFF}", "\u{202E}", "#", "# x\n", "a = b\n", "net A {\n",
      "net a(", "x:", "9", "9 epochs ", "if a then ", "if a { b } else ", "repeat 2 {", "for a in b {", "\r", "a.",
      "\\",
      "const a = (\n", "input x: f32[", "train A {}\n", "net A { x = f(\n",
    ])
  func longRuns(_ text: String) {
    for head in ["", "const a = ", "net A {\n  x = a -> ", "net A {\n  input x: f32["] {
      let seconds = processorSeconds { survive(Array(head.utf8) + repeated(text)) }
      #expect(seconds < 4, "\(head)\(text) took \(seconds) s")
    }
  }

  @Test(arguments: ["net A {\n  x = a -> ", "net A {\n  x = a -> {"])
  func commasBetweenStages(_ head: String) {
    let file = SourceFile(path: "hostile.net", bytes: Array(head.utf8) + repeated("a, "))
    let seconds = processorSeconds { #expect(!parse(file).1.isEmpty) }
    #expect(seconds < 4, "\(head) took \(seconds) s")
  }

  @Test func openBracketsGiveOneMistake() {
    #expect(survive(Array("const a = ".utf8) + repeated("(", 1 << 20)) == ["N027"])
    #expect(survive(Array("net A {\n  x = a -> ".utf8) + repeated("{", 1 << 20)).first == "N015")
  }

  @Test(arguments: ["(", "[", "f(", "-", "not ", "2 ** ", "if a then b else "])
  func depthIsLimitedExactly(_ text: String) {
    let closer = ["(": ")", "[": "]", "f(": ")"][text] ?? ""
    func nested(_ depth: Int) -> [String] {
      let inside = String(repeating: text, count: depth) + "1" + String(repeating: closer, count: depth)
      return codes("const a = \(inside)")
    }
    #expect(nested(Parser.maximumDepth) == [])
    #expect(nested(Parser.maximumDepth + 1) == ["N027"])
  }

  /// A million nines behind the point are no large number.
  @Test func digitsAreLimited() {
    for count in [398, 399] {
      let text = "const a = 0." + String(repeating: "9", count: count)
      #expect(parse(SourceFile(path: "digits.net", text: text)).1.map(\.code) == (count == 398 ? [] : ["N005"]))
    }
    let text = "const a = 0." + String(repeating: "9", count: 1 << 20)
    let message = parse(SourceFile(path: "digits.net", text: text)).1.first?.message ?? ""
    #expect(message.hasPrefix("this number has too many digits"))
  }

  @Test func operatorsAreLimitedExactly() {
    func sum(_ count: Int) -> [String] { codes("const a = 1" + String(repeating: " + 1", count: count)) }
    #expect(sum(Parser.maximumOperators) == [])
    #expect(sum(Parser.maximumOperators + 1) == ["N027"])
  }

  @Test func manyStagesAndStatementsAreFine() {
    let stages = String(repeating: "\n    -> conv(64, 3)", count: 100_000)
    #expect(codes("net A {\n  input x: f32[3, 8, 8]\n  output y = x\(stages)\n}") == [])
    let lines = (0..<50_000).map { "  x\($0) = x -> relu\n" }.joined()
    #expect(codes("net A {\n\(lines)}") == [])
  }

  @Test func encodings() {
    let text = Array("const a = 1\n".utf8)
    #expect(survive([0xEF, 0xBB, 0xBF] + text) == [])
    #expect(survive(Array("const a = 1\r\n\r\nnet A {\r\n  input x: f32[4]\r\n}\r\n".utf8)) == [])
    #expect(survive([0xFF, 0xFE]) == ["N001"])
    #expect(survive([0xFE, 0xFF, 0x00]) == ["N001"])
    #expect(survive([]) == [])
    #expect(survive([0xEF, 0xBB, 0xBF]) == [])
    #expect(survive([0xEF, 0xBB]) == ["N001"])
  }

  /// The ill-formed sequences of the Unicode standard, section 3.9, and the longest wrong ones of each kind.
  @Test(
    arguments: [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
      [0xED, 0xBF, 0xBF],
      [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xE2, 0x82],
      [0xF0, 0x9F, 0x98],
    ] as [[UInt8]])
  func illFormedSequences(_ sequence: [UInt8]) {
    for text in ["", "# ", "const a = \"", "const a = ", "const a", "net A {\n x = "] {
      #expect(survive(Array(text.utf8) + sequence + Array("\"\n".utf8)).contains("N001"))
      #expect(survive(Array(text.utf8) + sequence).contains("N001"))
    }
  }

  /// A bracket that closes nothing, where a value is expected: it must not be taken for the end of the bracket around it.
  @Test func wrongClosersWithinTypes() {
    for text in ["index(])", "f32[)]", "index(])[)]", "f32[3 )]", "f32(3])"] {
      #expect(!survive("net A {\n  input x: \(text)\n}\n".utf8).isEmpty)
    }
  }

  /// What stands at the start of a line and cannot go on with a flow is told once, and the rest is read.
  /// A label whose `:` stands on the next line is no stage: the flow ends there.
  @Test func aStringBeforeAColonOfTheNextLine() {
    let file = SourceFile(path: "test.net", text: "ne A  {t =0e `lp\" \n)\n \"sk\\dilation*L \" \n:")
    #expect(!parse(file).1.isEmpty)
  }

  @Test func linesThatBreakAFlow() {
    for mark in ["+ relu", "* 3", "/ 2", "% 2", ".relu()"] {
      let text = "net A {\n  output y = x -> relu\n    \(mark)\n    -> relu\n  output 3 = x\n}\n"
      #expect(survive(text.utf8) == ["N012", "N019"], "\(mark)")
    }
  }

  @Test func truncatedEverywhere() throws {
    let bytes = [UInt8](try Data(contentsOf: packageRoot.appending(path: "models/resnet18.net")))
    for length in bytes.indices { survive(bytes.prefix(length)) }
  }

  /// Every byte replaced by marks that open, close, end or mean nothing.
  @Test func disturbedEverywhere() throws {
    let bytes = [UInt8](try Data(contentsOf: packageRoot.appending(path: "models/resnet18.net")))
    for index in bytes.indices {
      for byte in Array("({)}\"\n>\0;:=".utf8) + [0xFF] {
        var disturbed = bytes
        disturbed[index] = byte
        let file = SourceFile(path: "disturbed.net", bytes: disturbed)
        #expect(parse(file).1.count <= Mistakes.limit)
      }
    }
  }

  @Test(arguments: 0..<300) func randomTokens(_ seed: Int) {
    var generator = Generator(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1)
    let words = [
      "net", "block", "train", "const", "import", "input", "output", "layer", "assert", "target", "repeat", "for", "in",
      "if", "then", "else", "and", "or", "not", "true", "none", "a", "b", "1", "2.5", "\"s\"", "(", ")", "[", "]", "{",
      "}",
      ",", ":", "=", "==", "->", "+", "-", "*", "**", ".", "\n", "\n", "\n  ", "epochs", ";", "é", ".5", "#",
    ]
    survive((0..<200).map { _ in words.randomElement(using: &generator)! }.joined(separator: " ").utf8)
  }
}

/// The seconds of processor time that this thread spends on `work`: other programs do not count.
private func processorSeconds(_ work: () -> Void) -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
  let start = now()
  work()
  return now() - start
}
