import Formatting
import Foundation
import Source
import Syntax
import Testing

@Suite struct FormattingTests {
  /// The text after formatting; an issue if there is none, or if it is not as good as the text before.
  @discardableResult
  private func formatted(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> String? {
    guard case .formatted(let result) = format(SourceFile(path: "test.net", text: text)) else {
      Issue.record("not formatted:\n\(text)", sourceLocation: sourceLocation)
      return nil
    }
    let before = parse(SourceFile(path: "test.net", text: text)).0
    let (after, mistakes) = parse(SourceFile(path: "test.net", text: result))
    #expect(mistakes.isEmpty, "\(result)", sourceLocation: sourceLocation)
    #expect(before.structure == after.structure, "from:\n\(text)\nto:\n\(result)", sourceLocation: sourceLocation)
    #expect(before.commentTexts == after.commentTexts, "from:\n\(text)\nto:\n\(result)", sourceLocation: sourceLocation)
    guard case .formatted(let again) = format(SourceFile(path: "test.net", text: result)) else { return result }
    #expect(again == result, "\(text)", sourceLocation: sourceLocation)
    return result
  }

  @Test(arguments: Corpus.models) func modelsAreFormatted(_ file: Corpus.File) {
    #expect(formatted(file.text) == file.text)
  }

  @Test(arguments: Corpus.accepted) func anySpacingKeepsTreeAndComments(_ file: Corpus.File) {
    formatted(file.text)
    var dice = Dice(UInt64(file.text.utf8.count))
    for _ in 0..<12 {
      let text = respaced(file.text, &dice)
      #expect(Corpus.isAccepted(text), "\(text)")
      formatted(text)
    }
  }

  @Test func randomProgramsKeepTreeAndComments() {
    var count = 0
    for seed in 0..<400 as Range<UInt64> {
      let text = RandomProgram.text(seed)
      guard Corpus.isAccepted(text) else {
        Issue.record("not accepted: \(parse(SourceFile(path: "test.net", text: text)).1.map(\.oneLine))\n\(text)")
        continue
      }
      formatted(text)
      var dice = Dice(seed)
      let other = respaced(text, &dice)
      #expect(Corpus.isAccepted(other), "\(other)")
      formatted(other)
      count += 1
    }
    #expect(count == 400)
  }

  /// Lines are at most 100 columns wide where a break is possible.
  @Test func linesAreShort() {
    for file in Corpus.models {
      for line in (formatted(file.text) ?? "").split(separator: "\n") where !line.contains("#") {
        #expect(line.count <= 100, "\(line)")
      }
    }
  }

  @Test(arguments: [
    (
      "net  A{\n\n\n\ninput x :f32 [ 3,4 ]\n\n\noutput y=x->relu\n\n}",
      "net A {\n  input x: f32[3, 4]\n\n  output y = x -> relu\n}\n"
    ),
    ("net A { output y = x }", "net A { output y = x }\n"), ("net A() {\n}", "net A {}\n"), ("", ""), (" \n\n", ""),
    ("# a\n\n\n# b  ", "# a\n\n# b\n"),
    ("const a=1\nconst b = - 2**3", "const a = 1\nconst b = -2 ** 3\n"),
    ("const a = 1\nnet A {}\nnet B {}", "const a = 1\n\nnet A {}\n\nnet B {}\n"),
    (
      "train A(n=1) {\nepochs=3\nbatch =all\n\ntarget y:f32\n}",
      "train A(n = 1) {\n  epochs = 3\n  batch  = all\n\n  target y: f32\n}\n"
    ),
    (
      "net A {\nlayer a: f(1)\nlayer long: f(1)\n\nlayer b:g\n}",
      "net A {\n  layer a:    f(1)\n  layer long: f(1)\n\n  layer b: g\n}\n"
    ),
    ("net A {\n x = f( a,\n b,)\n y = g(\n a, b)\n}", "net A {\n  x = f(a,\n        b)\n  y = g(\n    a, b,\n  )\n}\n"),
    (
      "net A {\n x = a #1\n -> b #2\n # own\n -> longer #3\n}",
      "net A {\n  x = a   #1\n    -> b  #2\n    # own\n    -> longer  #3\n}\n"
    ),
    (
      "net A {\n x = a -> l: {b -> c} -> {\nd -> e\n}\n}",
      "net A {\n  x = a -> l: { b -> c } -> {\n    d -> e\n  }\n}\n"
    ),
    ("net A { # why\n x = a\n # end\n}\n# last", "net A {  # why\n  x = a\n  # end\n}\n# last\n"),
    ("net A {\r\n x = a\r\n}\r\n", "net A {\r\n  x = a\r\n}\r\n"), ("\u{FEFF}const a = 1", "const a = 1\n"),
    ("net A {\n x = if a then b else (\n c -> d\n )\n}", "net A {\n  x = if a then b else (\n    c -> d\n  )\n}\n"),
  ])
  func layout(_ text: String, _ expected: String) {
    #expect(formatted(text) == expected)
  }

  /// Nothing stands in them, so there is nothing to put on lines of its own.
  @Test(arguments: ["[]", "f()"]) func emptyBracketsStayWhole(_ empty: String) {
    for length in 60...110 {
      let name = String(repeating: "x", count: length)
      let text = "const a = (\(name) // \(empty) or (2, \"\") and \(empty))\n"
      let once = format(SourceFile(path: "brackets.net", text: text)).text ?? ""
      #expect(once.split(separator: empty, omittingEmptySubsequences: false).count == 3, "\(once)")
      #expect(format(SourceFile(path: "again.net", text: once)).text == once, "\(once)")
    }
  }

  /// A flow that is too long has its head on a line of its own, and after it as many stages on a line as fit.
  @Test func longFlowsBreakBeforeArrows() {
    let stages = (0..<9).map { "-> stage\($0)(1, 2, 3)" }.joined(separator: " ")
    #expect(
      formatted("net A {\n  x = head \(stages)\n}") == """
        net A {
          x = head
            -> stage0(1, 2, 3) -> stage1(1, 2, 3) -> stage2(1, 2, 3) -> stage3(1, 2, 3) -> stage4(1, 2, 3)
            -> stage5(1, 2, 3) -> stage6(1, 2, 3) -> stage7(1, 2, 3) -> stage8(1, 2, 3)
        }

        """)
  }

  @Test(arguments: ["net A {", "net A { x = }", "const a = 'b'", "\u{0}"])
  func filesWithMistakesAreLeftAlone(_ text: String) {
    guard case .mistakes(let mistakes) = format(SourceFile(path: "test.net", text: text)) else {
      Issue.record("formatted")
      return
    }
    #expect(!mistakes.isEmpty)
  }

  /// Ten times the text takes ten times as long, give or take; in processor time of this thread.
  @Test func longFilesTakeLinearTime() throws {
    func threadSeconds() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
    func seconds(_ layers: Int) -> Double {
      let flow = (0..<layers).map { "-> l\($0): conv(64, 3, pad=1)\($0 % 2 == 0 ? "\n" : " ")" }.joined()
      let text = "net A {\n  input x: f32[3]\n  output y = x \(flow)\n}"
      let start = threadSeconds()
      #expect(format(SourceFile(path: "test.net", text: text)).text != nil)
      return threadSeconds() - start
    }
    _ = seconds(100)
    #expect(seconds(10_000) < 40 * max(seconds(1000), 0.002))
  }
}

extension FormatResult {
  fileprivate var text: String? { if case .formatted(let text) = self { text } else { nil } }
}
