import Source

// Lines that can only go on with the line above: reported, and read so.
extension Parser {
  /// Whether the next line starts with one of `kinds`, with which no line can start; it is then at hand as if no line had ended.
  mutating func joinsLine(_ kinds: TokenKind...) -> Bool {
    guard kind == .newline, kinds.contains(token.kind) else { return false }
    joinLine()
    return true
  }

  /// Whether a name that is missing at hand stands on the next line, as what follows it shows.
  mutating func joinsName() -> Bool {
    guard kind == .newline, token.kind == .name, index > 0, !next.startsLine else { return false }
    let isMeant =
      switch tokens[index - 1].kind {
      case .input, .layer, .target: next.kind == .colon
      case .output: next.kind == .colon || next.kind == .assign
      case .const: next.kind == .assign
      case .net, .block, .train: next.kind == .leftBrace || next.kind == .leftParenthesis
      case .for: next.kind == .in || next.kind == .comma
      default: false
      }
    if isMeant { joinLine() }
    return isMeant
  }

  /// Reads the stage on the next line, behind a label that ends its own.
  mutating func joinsStage() {
    guard kind == .newline,
      column(of: index) > column(of: statementStart) || next.kind == .leftParenthesis || next.startsLine,
      [.repeat, .for, .if].contains(token.kind) || token.kind == .name && next.kind != .assign && next.kind != .colon
    else { return }
    joinLine()
  }

  /// Whether the type that is missing at hand stands on the next line.
  mutating func joinsType() -> Bool {
    guard kind == .newline, token.kind == .name, TypeSyntax.elements.contains(here.text) else { return false }
    joinLine()
    return true
  }

  /// Whether the name at hand is a label whose `:` starts the next line.
  var isLabelOverLines: Bool { kind == .name && next.kind == .colon && next.startsLine && brackets.isEmpty }

  private mutating func joinLine() {
    let above = before.end - before.start > 40 ? "what stands before it" : "`\(before.text)`"
    report(
      Diagnostic(
        .tokenExpected,
        "\(here.end - here.start > 40 ? "this" : "`\(here.text)`") belongs on the line of \(above): a statement ends with its line",
        at: here, help: [onOneLine(before.end, token.start, "put it there")]))
    skipNewline()
  }

  /// Whether the line at hand, `name = …`, is the next statement although a bracket is open: it stands no further right than the
  /// current one, and nothing closes the bracket.
  mutating func startsNextStatement() -> Bool {
    guard kind == .name, token.startsLine, next.kind == .assign, let opener = brackets.last,
      column(of: index) <= column(of: statementStart)
    else { return false }
    if let known = closedBrackets[opener] { return !known }
    let isClosed = isBracketClosed()
    closedBrackets[opener] = isClosed
    return !isClosed
  }

  /// Whether the `=` at hand gives its value to a name that starts a line no further right than the current statement: the next statement,
  /// although a bracket is open.
  var assignsNextLine: Bool {
    guard kind == .assign, index > statementStart, !brackets.isEmpty, tokens[index - 1].kind == .name else {
      return false
    }
    return tokens[index - 1].startsLine && column(of: index - 1) <= column(of: statementStart)
  }

  /// Whether the innermost bracket is closed from here on.
  private func isBracketClosed() -> Bool {
    var depth = 0
    for token in tokens[index...] {
      if token.kind.closer != nil { depth += 1 }
      switch token.kind {
      case .rightParenthesis, .rightBracket, .rightBrace:
        depth -= 1
        if depth < 0 { return token.kind != .rightBrace }
      default: break
      }
    }
    return false
  }

  /// Reports one thing at hand that stands before a `{`, and moves past it.
  mutating func skipBeforeGroup() {
    if kind == .colon, nextIs(.leftBrace), !next.startsLine {
      report(
        Diagnostic(
          .tokenExpected, "no `:` stands before the `{` of stages", at: here,
          help: [.init("remove it", edits: [.init(here, "")])]))
      return advance()
    }
    guard ![.newline, .leftBrace, .arrow, .recovering, .end, .colon, .leftParenthesis].contains(kind),
      nextIs(.leftBrace), !next.startsLine, !isNumberedLabel
    else { return }
    report(
      Diagnostic(
        .tokenExpected, "`{` is expected, found \(found)", at: here,
        help: [.init("remove it", edits: [.init(file.span(here.start, next.start), "")], isSure: false)]),
      isGuess: true)
    advance()
  }

  /// The name of the net of the file, if there is one only.
  var onlyNet: String? {
    let nets = tokens.indices.dropLast().filter { tokens[$0].kind == .net && tokens[$0 + 1].kind == .name }
    return nets.count == 1 ? span(of: nets[0] + 1).text : nil
  }

  /// The text before the current token, unless it is too long to repeat.
  var shortBefore: String { before.end - before.start > 40 ? "…" : before.text }

  /// `3 x 8 x 8` between brackets, at the first `x`: reported, and passed as a `,`.
  mutating func crossForComma() -> Bool {
    guard kind == .name, here.text == "x", [.integer, .name].contains(next.kind), !next.startsLine,
      [.integer, .name].contains(tokens[index - 1].kind)
    else { return false }
    let edit = Diagnostic.Edit(file.span(before.end, here.end), ",")
    if let known = commaMend, known.statement == statementStart, mistakes.extend(known.number, by: edit) {
      advance()
      return true
    }
    commaMend = (statementStart, mistakes.diagnostics.count)
    report(
      Diagnostic(
        .tokenExpected, "sizes are separated by `,`, found `x`", at: here, help: [.init("write `,`", edits: [edit])]))
    advance()
    return true
  }

  /// Whether a number or string stands at hand behind a name, and the `)` of its call further on in the line, but no `(`.
  var lacksOpener: Bool {
    guard [.integer, .decimal, .string].contains(kind), !token.startsLine, !isRecovering else { return false }
    return !brackets.contains { tokens[$0].kind == .leftParenthesis } && isClosedOnLine(by: .rightParenthesis)
  }

  /// Whether the `,` at hand stands behind a name, and a `)` without partner further on in the line: `conv16, 3)`.
  var lacksOpenerOfArguments: Bool {
    guard kind == .comma, index > 0, tokens[index - 1].kind == .name else { return false }
    return !brackets.contains { tokens[$0].kind == .leftParenthesis } && isClosedOnLine(by: .rightParenthesis)
  }

  /// Reports the `(` that is missing somewhere in the name before the `,` at hand.
  mutating func openerMissingBefore() {
    let name = before.text
    let digits = String(name.reversed().prefix { $0.isNumber }.reversed())
    let stem = name.dropLast(digits.count)
    let isClear = !digits.isEmpty && !stem.isEmpty && name.utf8.count <= 40
    fail(
      Diagnostic(
        .tokenExpected, "`(` is missing before the arguments that this `,` separates", at: here,
        help: isClear
          ? [.init("write `\(stem)(\(digits), …`", edits: [.init(before, "\(stem)(\(digits)")], isSure: false)] : []))
  }

  /// Reports the `(` that is missing at hand.
  mutating func openerMissing() {
    report(
      Diagnostic(
        .tokenExpected, "`(` is expected after `\(before.text)`, found \(found)", at: here,
        help: [.init("write `(`", edits: [.init(file.span(before.end, here.start), "(")])]))
  }

  /// `linear10)`, `f324]`: what was meant by the name before the closing bracket at hand, whose partner is missing.
  var openerInName: Diagnostic.Help? {
    guard index > 0, tokens[index - 1].kind == .name, before.end == token.start else { return nil }
    let name = before.text
    let digits = name.hasPrefix("f32") ? name.dropFirst(3) : name.drop { !$0.isNumber }
    let stem = name.dropLast(digits.count)
    guard !digits.isEmpty, !stem.isEmpty, digits.allSatisfy(\.isNumber), name.utf8.count <= 40 else { return nil }
    let text = "\(stem)\(kind == .rightBracket ? "[" : "(")\(digits)\(here.text)"
    return .init("write `\(text)`", edits: [.init(before.extended(to: here), text)], isSure: false)
  }

  /// Whether `=` is missing between the name at hand and its value in `train`: `validation split(data, 0.2)`.
  func lacksAssign(in body: Body) -> Bool {
    guard body == .train, next.kind == .name, !next.startsLine, index + 2 < tokens.count,
      closestSpelling(of: here.text, among: ["target"]) == nil
    else { return false }
    let after = tokens[index + 2]
    return after.kind == .leftParenthesis || after.startsLine && after.kind != .arrow
  }

  /// The unit that the name at hand, behind a number in `train`, is a slip for: reported.
  mutating func misspeltUnit() -> NumberSyntax.Unit? {
    guard isInTrain, next.kind != .leftParenthesis, next.kind != .assign,
      let word = closestSpelling(of: here.text, among: ["epochs", "epoch", "steps", "step"])
    else { return nil }
    report(
      Diagnostic(
        .tokenExpected, "`\(here.text)` is no unit; did you mean `\(word)`?", at: here, help: [replace(here, by: word)])
    )
    return word.hasPrefix("e") ? .epochs : .steps
  }

  /// A line with something else than a name before its `=`, or with nothing there that could be reported: some name has its value here.
  mutating func unreadBinding() -> StatementSyntax {
    let place = here.before
    unknownStatement(in: .net)
    let value = FlowSyntax(head: .missing(place), stages: [], span: place)
    return .binding(BindingSyntax(name: NameSyntax(text: "", span: place), value: value, span: place))
  }

  /// `= x -> relu`: a value whose name is missing.
  mutating func namelessBinding() -> StatementSyntax {
    let name = NameSyntax(text: "", span: here.before)
    report(Diagnostic(.nameExpected, "a name is expected before `=`", at: here))
    advance()
    let value = statementFlow()
    return .binding(BindingSyntax(name: name, value: value, span: name.span.extended(to: value.span)))
  }
}
