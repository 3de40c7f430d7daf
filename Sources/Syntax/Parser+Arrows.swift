import Source

// Flows that are written as elsewhere: arrows that point the other way or are torn apart, branches in braces, loops by `while`.
extension Parser {
  /// Reports the `<-` at hand, the second one on its line: `start` is where its value starts.
  mutating func backwardArrow(from start: Int) {
    var last = index
    while last + 1 < tokens.count, !tokens[last + 1].startsLine, ![.rightBrace, .end].contains(tokens[last + 1].kind) {
      last += 1
    }
    let written = file.span(start, max(start, tokens[last].end))
    let isShort = written.end - written.start <= 80
    let stages = (isShort ? written.text : "").split(separator: "<-", omittingEmptySubsequences: false).map(trimmed)
    let isPlain =
      brackets.isEmpty && written.line == written.lastLine
      && stages.allSatisfy { !$0.isEmpty && !$0.contains("->") && !$0.contains("<") }
    let text = stages.reversed().joined(separator: " -> ")
    fail(
      Diagnostic(
        .foreignWord, "a flow goes from left to right, by `->`", at: here.extended(to: span(of: index + 1)),
        help: [
          isPlain
            ? .init("the input comes first: `\(text)`", edits: [.init(written, text)], isSure: false)
            : .init("the input comes first: `x -> linear(3)`")
        ]))
  }

  private func trimmed(_ text: Substring) -> String {
    let blanks: Set<Character> = [" ", "\t"]
    return String(text.drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }.reversed())
  }

  /// Whether `- >` stands here, an arrow with a blank in it.
  var isTornArrow: Bool {
    kind == .minus && next.kind == .greater && !next.startsLine && index + 2 < tokens.count
      && [.name, .leftBrace, .repeat, .for, .if, .string].contains(tokens[index + 2].kind)
  }

  /// Reports the torn arrow at hand and moves to its second half, which is then read as the arrow; false where none stands here.
  mutating func joinsTornArrow() -> Bool {
    guard isTornArrow else { return false }
    let written = here.extended(to: span(of: index + 1))
    report(
      Diagnostic(
        .foreignWord, "`->` is written without a blank", at: written, help: [replace(written, by: "->")]))
    advance()
    return true
  }

  /// Reports a label in several words, `first part: linear(8)`, and reads it as one; nil for everything else.
  mutating func labelInPieces() -> LabelSyntax? {
    guard kind == .name, next.kind == .name else { return nil }
    var last = index
    while last - index < 6, last + 1 < tokens.count, tokens[last + 1].kind == .name, !tokens[last + 1].startsLine {
      last += 1
    }
    guard last > index, last + 1 < tokens.count, tokens[last + 1].kind == .colon, !tokens[last + 1].startsLine,
      tokens[last].end - token.start <= 60
    else { return nil }
    let written = here.extended(to: span(of: last))
    let name = (index...last).map { span(of: $0).text }.joined(separator: "_")
    report(
      Diagnostic(
        .nameExpected, "a label has no blank in it", at: written, help: [replace(written, by: name)]))
    while index <= last { advance() }
    advance()
    return LabelSyntax(kind: .name(name), span: written)
  }

  /// Reports `while` at hand in place of a stage; false where a layer has that name.
  mutating func reportsWhile() -> Bool {
    guard kind == .name, here.text == "while", !next.startsLine,
      [.name, .true, .false, .not, .integer].contains(next.kind)
    else { return false }
    fail(.foreignWord, "there is no `while`", help: ["stages are repeated a fixed number of times: `repeat n { … }`"])
    return true
  }

  /// Whether the `,` at hand separates stages in a group that holds no arrow: branches are meant.
  var separatesBranches: Bool {
    guard kind == .comma, let opener = brackets.last, tokens[opener].kind == .leftBrace, opener > 0,
      tokens[opener - 1].kind == .arrow
    else { return false }
    var depth = 0
    for place in (opener + 1)..<min(tokens.count, opener + 100) {
      let token = tokens[place]
      if token.startsLine || token.kind == .end || token.kind == .arrow { return false }
      if token.kind == .rightBrace { return depth == 0 }
      if token.kind.closer != nil { depth += 1 }
      if token.kind == .rightParenthesis || token.kind == .rightBracket { depth -= 1 }
      if depth < 0 { return false }
    }
    return false
  }

  /// Reports the `,` at hand, which separates branches.
  mutating func branchesInBraces() {
    fail(
      .stageExpected, "the stages in { } follow one another: they are no branches",
      help: ["branches have names and are joined: `a = x -> relu`, `b = x -> tanh`, then `concat([a, b])`"])
  }

  /// `label k: index(3)` in `train`, with another word for `target`: reported, and read as that; nil for everything else.
  mutating func foreignTarget() -> TokenKind? {
    guard kind == .name, nextIs(.name), index + 3 < tokens.count, tokens[index + 2].kind == .colon,
      TypeSyntax.elements.contains(span(of: index + 3).text), !tokens[index + 3].startsLine,
      token.end - token.start <= 40
    else { return nil }
    let name = span(of: index + 1)
    report(
      Diagnostic(
        .unknownStatement, "what the net should have said is declared by `target`, not by `\(here.text)`", at: here,
        help: [.init("write `target \(name.text): …`", edits: [.init(here, "target")])]))
    return .target
  }
}
