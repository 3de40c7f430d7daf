import Source

// Slips that have an obvious meaning: reported, and read as what was meant.
extension Parser {
  /// Whether a mark in place of `=` follows the name at hand: `epochs == 90`, and `epochs: 90` in `train`.
  mutating func takesPlaceOfAssign(in body: Body) -> Bool {
    guard nextIs(.equal) || nextIs(.colon) && body == .train else { return false }
    let mark = span(of: index + 1)
    report(
      Diagnostic(
        .bindingOrComparison, "`=` is expected after `\(here.text)`, found `\(mark.text)`", at: mark,
        help: [replace(mark, by: "=")]))
    return true
  }

  /// Reports the `=` at hand, which stands where a value has ended; it is read as `==`.
  mutating func assignInExpression() {
    report(
      Diagnostic(
        .bindingOrComparison, "`=` gives a value to a name; two values are compared by `==`", at: here,
        help: [replace(here, by: "==")]), isGuess: true)
  }

  /// A label that is no name, or that is followed by `=`.
  mutating func replacedLabel() -> LabelSyntax? {
    let span = here
    let text = span.text
    let quoted = "\"\(text)\""
    if kind.isReserved, nextIs(.colon) {
      report(
        Diagnostic(
          .reservedName, "`\(text)` is a word of the language; as a label it stands in quotes", at: span,
          help: [replace(span, by: quoted)]))
    } else if kind == .integer, nextIs(.colon) {
      report(
        Diagnostic(
          .stageExpected, "as a label, a number stands in quotes", at: span, help: [replace(span, by: quoted)]))
    } else if kind == .name, nextIs(.assign) {
      let mark = self.span(of: index + 1)
      report(
        Diagnostic(
          .bindingOrComparison, "a label is followed by `:`, found `=`", at: mark,
          help: [.init("write `\(text):`", edits: [.init(file.span(span.end, mark.end), ":")])]), isGuess: true)
    } else {
      return nil
    }
    advance()
    advance()
    return LabelSyntax(kind: .string(text), span: span)
  }

  /// An argument with `:` in place of `=`; moves to its value.
  mutating func argumentWithColon() -> NameSyntax {
    let name = nameHere
    let mark = span(of: index + 1)
    report(
      Diagnostic(
        .bindingOrComparison, "an argument is given by `=`, found `:`", at: mark, help: [replace(mark, by: "=")]))
    advance()
    advance()
    return name
  }

  /// Whether the `:` at hand gives a value, `output y: x -> relu`: reported, and read as `=`.
  mutating func colonInPlaceOfAssign() -> Bool {
    guard kind == .colon, index + 2 < tokens.count, next.kind == .name, tokens[index + 2].kind == .arrow else {
      return false
    }
    let blank = tokens[index - 1].end == token.start ? " " : ""
    report(
      Diagnostic(
        .bindingOrComparison, "a value is given by `=`; `:` gives a type", at: here,
        help: [.init("write `=`", edits: [.init(here, blank + "=")])]))
    advance()
    return true
  }

  /// `output x -> linear(3)`, at the arrow: what comes out has no name. It is read as a flow from `x`.
  mutating func outputWithoutName(_ head: NameSyntax, from start: Int) -> OutputSyntax {
    let free = head.text == "y" ? "result" : "y"
    report(
      Diagnostic(
        .tokenExpected, "the output has no name: `output name = \(head.text) -> …`", at: head.span,
        help: [
          .init("write `output \(free) = \(head.text)`", edits: [.init(head.span.before, "\(free) = ")], isSure: false)
        ]))
    let call = CallSyntax(path: [head], arguments: nil, span: head.span)
    let value = continuedFlow(from: .call(call), start: head.span.start)
    return OutputSyntax(
      name: NameSyntax(text: "", span: head.span.before), type: nil, value: value, span: span(from: start))
  }

  /// Reports the sizes of a type outside of `[ ]`, `f32{4}`, `f32 4`, and moves to the end of the line; nil where there are none.
  mutating func sizesWithoutBrackets(of name: NameSyntax) -> [ExpressionSyntax]? {
    guard !name.isMissing, !token.startsLine else { return nil }
    let first = index
    var last = index
    while last + 1 < tokens.count, !tokens[last + 1].startsLine, tokens[last + 1].kind != .end { last += 1 }
    let opens = tokens[first].kind != .integer
    let isClosed = [.rightBrace, .greater, .rightBracket].contains(tokens[last].kind)
    let start = opens ? first + 1 : first
    let sizes = tokens[start..<max(start, isClosed ? last : last + 1)]
    guard !sizes.isEmpty, sizes.allSatisfy({ [.integer, .comma, .name].contains($0.kind) }), isClosed || !opens
    else { return nil }
    let text = file.span(sizes[sizes.startIndex].start, sizes[sizes.endIndex - 1].end).text
    let written = file.span(name.span.end, tokens[last].end)
    report(
      Diagnostic(
        .malformedType, "the sizes of a type stand in [ ]", at: file.span(tokens[first].start, tokens[last].end),
        help: [.init("write `\(name.text)[\(text)]`", edits: [.init(written, "[\(text)]")])]))
    while index < last { advance() }
    advance()
    return sizes.filter { $0.kind != .comma }.map { size in
      let span = file.span(size.start, size.end)
      if size.kind == .name {
        return .call(CallSyntax(path: [NameSyntax(text: span.text, span: span)], arguments: nil, span: span))
      }
      guard let value = Int(span.text.filter { $0 != "_" }) else { return .missing(span) }
      return .number(NumberSyntax(text: span.text, value: .integer(value), unit: nil, span: span))
    }
  }

  /// Reports a size for the batch at the start of a shape, `f32[None, 3, 8, 8]`, and moves past it.
  mutating func batchAxis() {
    guard kind == .name, here.text == "None", next.kind == .comma else { return }
    let axis = here
    let rest = index + 2 < tokens.count ? tokens[index + 2].start : axis.end
    report(
      Diagnostic(
        .malformedType, "a type describes one example: the batch has no axis", at: axis,
        help: [.init("leave it out", edits: [.init(file.span(axis.start, rest), "")])]))
    advance()
    advance()
  }

  /// The path after `import`; without quotes, as in Python, it is reported with what would be right.
  mutating func importPath() -> StringSyntax? {
    if kind == .string { return string("the file to import") }
    let line = file.lineRange(file.line(at: token.start))
    let rest = file.span(token.start, line.upperBound)
    let path = rest.text.prefix { $0 != "#" }.split(separator: " ").first.map(String.init) ?? ""
    // Elsewhere modules are named by their parts: `lib.parts`. Those of Python have no file here.
    let package = path.split(separator: ".").first.map(String.init) ?? ""
    let isPlain =
      !["torch", "torchvision", "numpy", "tensorflow", "keras", "jax", "math", "os", "sys"].contains(package)
      && path.allSatisfy { $0.isLetter || $0.isNumber || "._-/".contains($0) }
    let meant =
      path.hasSuffix(".net") ? path : isPlain ? path.split(separator: ".").joined(separator: "/") + ".net" : ""
    let isFile = kind == .name && meant == path && !meant.isEmpty && !path.contains("\"")
    let written = file.span(token.start, isFile ? token.start + path.utf8.count : token.start)
    var diagnostic = Diagnostic(
      .tokenExpected, "the file to import is expected in quotes, found \(found)", at: place,
      help: kind == .name && !meant.isEmpty && !path.contains("\"")
        // A bare name may be meant for something that is no file at all.
        ? [.init("write `\"\(meant)\"`", edits: isFile ? [.init(written, "\"\(meant)\"")] : [])] : [])
    if kind == .leftBracket || kind == .leftParenthesis {
      diagnostic.help = [.init("each file has a line of its own: `import \"file.net\"`")]
    }
    guard isFile else {
      fail(diagnostic)
      return nil
    }
    diagnostic.isMended = true
    report(diagnostic)
    while token.start < written.end, token.kind != .end { advance() }
    return StringSyntax(value: meant, span: written)
  }

  /// `h += x` and the like, at the name.
  func compoundAssignment() -> Diagnostic? {
    guard index + 2 < tokens.count, tokens[index + 2].kind == .assign, tokens[index + 2].start == next.end,
      [.plus, .minus, .star, .slash].contains(next.kind), !isRecovering
    else { return nil }
    let mark = span(of: index + 1)
    let name = here.text
    return Diagnostic(
      .foreignWord, "`\(mark.text)=` is not a word of this language: a name gets its value once",
      at: mark.extended(to: span(of: index + 2)),
      help: [.init("give the result a name of its own: `\(name)2 = \(name) \(mark.text) …`")])
  }

  /// A value of another language at hand: `True`, `False`, `None`.
  mutating func foreignValue() -> ExpressionSyntax? {
    guard !nextIs(.leftParenthesis), !nextIs(.dot), here.end - here.start <= 5 else { return nil }
    let span = here
    let node: ExpressionSyntax
    switch span.text {
    case "True": node = .boolean(BooleanSyntax(value: true, span: span))
    case "False": node = .boolean(BooleanSyntax(value: false, span: span))
    case "None": node = .none(span)
    default: return nil
    }
    let word = span.text.lowercased()
    report(
      Diagnostic(
        .foreignWord, "`\(span.text)` is spelt `\(word)` in this language", at: span, help: [replace(span, by: word)]))
    advance()
    return node
  }

  /// Reports an argument at hand in brackets that follow no name, unless a condition is meant.
  mutating func checkArgumentWithoutCall() {
    guard kind == .name, let opener = brackets.last, opener > 0 else { return }
    switch tokens[opener - 1].kind {
    case .assign, .arrow, .colon, .comma, .leftParenthesis, .leftBracket:
      fail(
        .bindingOrComparison, "`\(here.text)=` gives an argument, but no name stands before the `(`",
        help: ["for example `sgd(lr=0.1)`"])
    default: break
    }
  }

  /// Reports what follows the operand `call` in other languages: an index, or a method.
  mutating func checkAfterOperand(_ call: CallSyntax) {
    if kind == .leftBracket {
      fail(
        .tokenExpected, "values are not indexed by [ ]",
        help: call.arguments == nil ? ["take an element by `-> take(index)`"] : [])
    } else if kind == .dot, call.arguments != nil {
      let written =
        "\(call.path.dropLast().map(\.text).joined(separator: ".")) -> \(call.path[call.path.count - 1].text)"
      fail(
        Diagnostic(
          .tokenExpected, "a call is not followed by `.`: the next stage comes after `->`", at: here,
          help: call.path.count > 1
            ? [.init("write `\(written) -> …`")]
            : [.init("write `->`")]))
    }
  }

  /// `conv(8, 3)(x)`: a layer is made and called as in Python. What is meant is a flow from `x`.
  /// `first` is the index of the call's first token.
  mutating func calledTwice(_ call: CallSyntax, from first: Int) -> ExpressionSyntax {
    let opener = here
    let known = mistakes.diagnostics.count
    let second = arguments()
    let written = call.span.extended(to: second.span)
    let message = "a layer is not called with its tensor: that flows into it by `->`"
    guard second.arguments.count == 1, let input = second.arguments.first, input.name == nil, !isRecovering,
      mistakes.diagnostics.count == known
    else {
      fail(
        Diagnostic(.tokenExpected, message, at: opener, help: [.init("write `x -> \(call.span.text)`")]))
      return .missing(written)
    }
    let layer = call.arguments?.arguments.isEmpty == true ? call.pathText : call.span.text
    let flow = "\(input.value.span.text) -> \(layer)"
    let text = standsAlone(from: first) ? flow : "(\(flow))"
    report(
      Diagnostic(
        .tokenExpected, message, at: opener,
        help: [.init("write `\(text)`", edits: [.init(written, text)])]))
    let stage = StageSyntax(label: nil, kind: .call(call), span: call.span)
    let meant = FlowSyntax(head: input.value.head, stages: input.value.stages + [stage], span: written)
    return .parenthesized(ParenthesizedSyntax(flow: meant, span: written))
  }

  /// Whether the operand from the token `first` up to here is all of a flow, or its head.
  private func standsAlone(from first: Int) -> Bool {
    let opens = first > 0 && [.assign, .leftParenthesis, .leftBracket, .comma].contains(tokens[first - 1].kind)
    return opens && [.newline, .end, .arrow, .comma, .rightParenthesis, .rightBracket, .rightBrace].contains(kind)
  }

  /// Reports a line that ends where a value is expected, and goes on with the next line if that is the value.
  mutating func valueIsOnNextLine() -> Bool {
    guard index > 0, !beginsLine(index) else { return false }
    let startsValue: Bool =
      switch token.kind {
      case .name: next.kind != .assign && next.kind != .colon || next.startsLine
      case .integer, .decimal, .string, .leftParenthesis, .leftBracket, .minus, .if, .not, .true, .false, .none: true
      default: false
      }
    guard startsValue else { return false }
    report(
      Diagnostic(
        .valueExpected, "a value is expected after `\(before.text)`, found the end of the line", at: place,
        help: [onOneLine(before.end, token.start, "start the value on the line of the `\(before.text)`")]))
    skipNewline()
    return true
  }

  /// The fix that joins two lines, if nothing but blanks stands between them.
  func onOneLine(_ start: Int, _ end: Int, _ words: String) -> Diagnostic.Help {
    let between = file.span(start, end)
    let isBlank = between.text.allSatisfy(\.isWhitespace)
    return Diagnostic.Help(words, edits: isBlank ? [.init(between, " ")] : [])
  }

  /// Reports an arrow at the end of a line, and goes on with the next line if that is the stage.
  mutating func arrowAtEndOfLine(_ arrow: SourceSpan) {
    let startsStage: Bool =
      switch token.kind {
      case .name: next.kind != .assign || next.startsLine
      case .repeat, .for, .if, .leftBrace: true
      case .string: next.kind == .colon
      default: false
      }
    guard startsStage else {
      let inFront = file.span(before.end == arrow.end ? tokens[index - 2].end : arrow.start, arrow.end)
      fail(
        Diagnostic(
          .danglingArrow, "nothing follows this `->`: a stage is expected after it", at: arrow,
          help: [.init("remove it", edits: [.init(inFront, "")], isSure: false)]))
      return
    }
    let inFront = file.bytes[max(0, arrow.start - 1)] == 0x20 ? arrow.start - 1 : arrow.start
    let move = [
      Diagnostic.Edit(file.span(inFront, arrow.end), ""),
      Diagnostic.Edit(file.span(token.start, token.start), "-> "),
    ]
    report(
      Diagnostic(
        .danglingArrow, "`->` stands at the start of a line, not at its end", at: arrow,
        help: [.init("move it to the next line", edits: move)]))
    skipNewline()
  }

  /// Reports the arrow at hand, which follows another one, and moves past it; gives the stage between them, of which nothing is known.
  mutating func doubleArrow() -> StageSyntax {
    report(
      Diagnostic(
        .stageExpected, "a stage is missing before this `->`", at: here,
        help: [.init("remove it", edits: [.init(file.span(before.end, here.end), "")])]))
    advance()
    return StageSyntax(label: nil, kind: .missing, span: before.after)
  }

  /// Reports what follows the message of an `assert`, at hand: `"a" + "b"`.
  mutating func messageInPieces() {
    let first = before
    var last = index
    while last + 1 < tokens.count, !tokens[last + 1].startsLine, ![.rightBrace, .end].contains(tokens[last + 1].kind) {
      last += 1
    }
    let rest = file.span(first.end, max(first.end, tokens[last].end))
    var fix = [
      Diagnostic.Help(
        "leave the rest out: the values that are compared are told as well", edits: [.init(rest, "")], isSure: false)
    ]
    let second = min(kind == .plus ? index + 1 : index, tokens.count - 1)
    let follows = tokens[min(second + 1, tokens.count - 1)]
    if tokens[second].kind == .string, !tokens[second].startsLine, follows.startsLine || follows.kind == .rightBrace {
      let last = span(of: second)
      let text = "\(first.text.dropLast())\(last.text.dropFirst())"
      fix = [.init("write `\(text)`", edits: [.init(first.extended(to: last), text)], isSure: false)]
    }
    fail(Diagnostic(.lineNotEnded, "the message of `assert` is one string", at: here, help: fix))
  }

  /// Reports the `else` at hand, which starts a line.
  mutating func elseOnNextLine() {
    report(
      Diagnostic(
        .malformedCondition, "`else` stands on the line of the `}` before it", at: here,
        help: [onOneLine(before.end, token.start, "move it there")]))
    skipNewline()
  }

  /// Reports the arrow at hand, the first thing in a group, and moves past it.
  mutating func arrowStartsGroup() {
    report(
      Diagnostic(
        .danglingArrow, "no `->` stands before the first stage of `{ }`", at: here,
        help: [.init("remove it", edits: [.init(here, "")])]))
    advance()
  }

  /// Reports a `repeat` without a number, at its `{`.
  mutating func countIsMissing() -> ExpressionSyntax {
    report(
      Diagnostic(
        .valueExpected, "`repeat` needs a number: how often the stages are repeated", at: before,
        help: [.init("for example `repeat 3 { … }`", edits: [.init(before.after, " 3")], isSure: false)]))
    return .missing(before.after)
  }

  /// What stands where a stage was expected.
  mutating func missingStage(hasLabel: Bool) -> StageSyntax.Kind {
    let after = hasLabel ? "the label" : index > 0 ? "`\(tokens[index - 1].kind.rawValue)`" : "`->`"
    switch kind {
    case .newline, .end:
      fail(Diagnostic(.danglingArrow, "nothing follows \(after): a stage is expected", at: before))
    case .leftBracket:
      fail(
        .stageExpected, "a stage is expected after \(after), found `[`", help: ["stages follow one another with `->`"])
    case .leftParenthesis:
      fail(.stageExpected, "a stage is expected after \(after), found `(`", help: ["stages are grouped by { }"])
    case .arrow:
      fail(.stageExpected, "a stage is missing before this `->`")
    default:
      fail(.stageExpected, "a stage is expected after \(after), found \(found)", help: stageHelp)
    }
    return .missing
  }
}
