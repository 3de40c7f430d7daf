import Source

// What other languages write in other ways: several names at once, sizes before names, operators that are words here.
extension Parser {
  /// `input x, y: f32[4]`, at the first `,`: the lines that are meant, where the rest of the line is clear.
  func oneLineEach(_ word: String) -> Diagnostic.Help {
    let plain = Diagnostic.Help("each has a line of its own with its type")
    var names: [String] = [before.text]
    var place = index
    while place + 1 < tokens.count, tokens[place].kind == .comma, tokens[place + 1].kind == .name {
      names.append(span(of: place + 1).text)
      place += 2
    }
    guard place + 1 < tokens.count, tokens[place].kind == .colon, names.count <= 8 else { return plain }
    var last = place
    while last + 1 < tokens.count, !tokens[last + 1].startsLine, tokens[last + 1].kind != .end { last += 1 }
    let type = file.span(tokens[place].end, tokens[last].end).text
    guard type.utf8.count <= 60, names.allSatisfy({ $0.utf8.count <= 40 }), last > place else { return plain }
    let margin = String(repeating: " ", count: column(of: statementStart))
    let text = names.dropFirst().reduce(":\(type)") { "\($0)\n\(margin)\(word) \($1):\(type)" }
    let written = file.span(token.start, tokens[last].end)
    return .init(
      "each has a line of its own: `\(word) \(names[0]):\(type)`, `\(word) \(names[1]):\(type)`",
      edits: [.init(written, text)])
  }

  /// What is said of something at hand that stands where a stage does.
  var stageHelp: [String] {
    switch kind {
    case .plus, .minus, .star: ["tensors are calculated with before the `->`: `a \(kind.rawValue) b -> …`"]
    case .integer where here.end - here.start <= 18: ["stages are repeated by `repeat \(here.text) { … }`"]
    case .slash where isInTrain: ["numbers are divided by `scale(1 / 255)`"]
    case .layer: ["a declared layer is used by its name alone: `-> name`"]
    case .string where here.end - here.start <= 40:
      ["words stand without quotes: `\(here.text.dropFirst().dropLast())`"]
    default: []
    }
  }

  /// What is said of a `,` at hand behind a statement.
  var commaHelp: String {
    if !isInTrain, index == statementStart + 1, tokens[statementStart].kind == .name {
      return "one name stands before `=`; the other outputs of a block are read as `label.name`"
    }
    guard isInTrain, ["schedule", "data", "validation"].contains(span(of: statementStart).text) else {
      return "several values stand in [ ]"
    }
    return "what follows stands behind `->`"
  }

  /// What is said of a number, name or string at hand behind a value.
  var besideValueHelp: [String] {
    if !unitHelp.isEmpty { return unitHelp }
    let isNumber = kind == .integer || kind == .decimal
    let followsMark = index > 1 && [.arrow, .colon, .assign, .leftBrace].contains(tokens[index - 2].kind)
    if isNumber, followsMark, tokens[index - 1].kind == .name, here.end - here.start <= 40 {
      return ["arguments stand in ( ): `\(shortBefore)(\(here.text))`"]
    }
    if kind == .string, tokens[statementStart].kind == .assert { return ["a `,` stands before the message"] }
    return []
  }

  /// Reports the `:` that is missing before the type at hand, behind the name of an output.
  mutating func lacksColonOfType() -> Bool {
    guard kind == .name, TypeSyntax.elements.contains(here.text), nextIs(.leftBracket) || nextIs(.leftParenthesis),
      index > 0, tokens[index - 1].kind == .name
    else { return false }
    report(
      Diagnostic(
        .tokenExpected, "`:` is expected after the name of the output, found \(found)", at: here,
        help: [.init("put a `:` after `\(shortBefore)`", edits: [.init(before.after, ":")])]))
    return true
  }

  /// Whether the name at hand stands there twice before its `=`.
  var isNameTwice: Bool {
    nextIs(.name) && index + 2 < tokens.count && tokens[index + 2].kind == .assign
      && span(of: index + 1).text == here.text
  }

  /// Reports the first of two names at hand, and moves past it.
  mutating func nameTwice() {
    let written = file.span(token.start, next.start)
    report(
      Diagnostic(
        .unknownStatement, "`\(here.end - here.start > 40 ? "…" : here.text)` stands here twice", at: here,
        help: [.init("remove one", edits: [.init(written, "")])]))
    advance()
  }

  /// Whether a name stands twice before the arguments of its call.
  var isCallTwice: Bool {
    nextIs(.name) && !next.startsLine && index + 2 < tokens.count && tokens[index + 2].kind == .leftParenthesis
      && next.end - next.start == token.end - token.start && span(of: index + 1).text == here.text
  }

  /// `3 * { … }` in place of a stage, at the number: reported, and read as `repeat 3 { … }`; nil for everything else.
  mutating func timesGroup() -> TokenKind? {
    guard kind == .integer, next.kind == .star, index + 2 < tokens.count, tokens[index + 2].kind == .leftBrace,
      token.end - token.start <= 18
    else { return nil }
    let written = here.extended(to: span(of: index + 1))
    report(
      Diagnostic(
        .stageExpected, "stages are repeated by `repeat`, not by `*`", at: written,
        help: [.init("write `repeat \(here.text) { … }`", edits: [.init(written, "repeat \(here.text)")])]))
    return .repeat
  }

  /// The number before the `*` at hand, both of which are passed.
  mutating func timesCount() -> ExpressionSyntax {
    let span = here
    let value = Int(span.text.filter { $0 != "_" })
    advance()
    advance()
    guard let value else { return .missing(span) }
    return .number(NumberSyntax(text: span.text, value: .integer(value), unit: nil, span: span))
  }

  /// `c 3` among parameters, at the number: the default value, whose `=` is missing; reported.
  mutating func reportsDefaultWithoutAssign() -> Bool {
    guard [.integer, .decimal, .true, .false].contains(kind), !token.startsLine, tokens[index - 1].kind == .name,
      next.kind == .comma || next.kind == .rightParenthesis
    else { return false }
    report(
      Diagnostic(
        .tokenExpected, "`=` is expected after the parameter `\(shortBefore)`, found \(found)", at: here,
        help: [insert("= ", "write `\(shortBefore) = \(here.text)`")]))
    return true
  }

  /// An operator of another language between two values, at hand or just passed: what is written here.
  var foreignOperator: Diagnostic? {
    func isBeside(_ first: Int) -> Bool { tokens[first].end == tokens[first + 1].start }
    func diagnostic(_ written: SourceSpan, _ meant: String) -> Diagnostic {
      Diagnostic(
        .foreignWord, "`\(written.text)` is no operator of this language", at: written,
        help: [.init("write `\(meant)`", edits: [.init(written, meant)], isSure: false)])
    }
    switch kind {
    case .name where here.text == "is" && next.kind == .not:
      return diagnostic(here.extended(to: span(of: index + 1)), "!=")
    case .name where here.text == "is" || here.text == "eq": return diagnostic(here, "==")
    case .greater where index > 0 && tokens[index - 1].kind == .less && isBeside(index - 1):
      return diagnostic(before.extended(to: here), "!=")
    case .assign where index > 0 && tokens[index - 1].kind == .equal && isBeside(index - 1):
      return diagnostic(before.extended(to: here), "==")
    case .assign where index > 0 && tokens[index - 1].kind == .notEqual && isBeside(index - 1):
      return diagnostic(before.extended(to: here), "!=")
    case .in where !brackets.contains(where: { tokens[$0].kind == .leftBrace }):
      return Diagnostic(
        .foreignWord, "`in` stands in `for` only: it is no operator of this language", at: here,
        help: [.init("compare with each value: `n == 1 or n == 2`")])
    case .plus where index > 1 && tokens[index - 1].kind == .plus && isBeside(index - 1):
      return Diagnostic(
        .foreignWord, "`++` is no operator of this language: a name gets its value once",
        at: before.extended(to: here), help: [.init("give the result a name of its own: `n2 = n + 1`")])
    default: return nil
    }
  }
}
