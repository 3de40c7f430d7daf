import Source

// Slips after which the rest of the line can be read: reported, and passed.
extension Parser {
  /// What comes after a slip behind a stage.
  enum Continuation {
    /// What could come after the stage.
    case same
    /// A stage, as after `->`.
    case stage
  }

  /// Mends what stands where the flow of a statement has ended, and says how the flow goes on; nil where it does end.
  mutating func mendEndOfFlow(hasStages: Bool) -> Continuation? {
    switch kind {
    case .rightParenthesis, .rightBracket, .doubleSlash:
      return mendsEndOfLine() ? .same : nil
    case .comma where endsLine(next) || next.kind == .rightBrace:
      return mendsEndOfLine() ? .same : nil
    case .rightBrace where strays.contains(index):
      return mendsEndOfLine() ? .same : nil
    case .newline where isStrayCloser || strays.contains(index):
      skipNewline()
      return mendsEndOfLine() ? .same : nil
    case .newline where token.kind == .comma && next.kind == .name && !next.startsLine && !assigns(index + 2):
      skipNewline()
      commaForArrow("->")
      return .stage
    case .newline where !isInTrain && startsStage:
      skipNewline()
      arrowMissingAtLine()
      return .stage
    case .comma where lacksOpenerOfArguments:
      openerMissingBefore()
      return nil
    case .comma where hasStages && !isInTrain && next.kind == .name && !next.startsLine:
      commaForArrow(before.end == token.start ? " ->" : "->")
      return .stage
    case .leftParenthesis where before.text == ")":
      return secondArguments() ? .same : nil
    case .name where !isInTrain:
      return mendsMissingArrow() ? .stage : nil
    default:
      return nil
    }
  }

  /// Mends what stands behind a statement that is complete; false where that is no slip.
  mutating func mendsEndOfLine() -> Bool {
    switch kind {
    case .rightParenthesis, .rightBracket:
      guard isStrayCloser else { return false }
      strayClosers()
    case .rightBrace where strays.contains(index): strayBrace()
    case .doubleSlash where before.end < token.start:
      report(slashComment(.lineNotEnded))
      skipComment()
    case .comma where endsLine(next) || next.kind == .rightBrace:
      report(
        Diagnostic(
          .lineNotEnded, "no `,` is needed: a statement ends with its line", at: here,
          help: [.init("remove it", edits: [.init(here, "")])]))
      advance()
    default: return false
    }
    return true
  }

  private func assigns(_ place: Int) -> Bool { place < tokens.count && tokens[place].kind == .assign }

  /// Whether a `)` or `]` is at hand that closes nothing.
  private var isStrayCloser: Bool {
    (token.kind == .rightParenthesis || token.kind == .rightBracket) && closesNothing(index)
  }

  /// Reports the closing brackets at hand, which close nothing, and moves past them; what cannot stand behind them is passed as well.
  mutating func strayClosers() {
    let first = here
    let meant = openerInName
    repeat { advance() } while (kind == .rightParenthesis || kind == .rightBracket) && closesNothing(index)
    let all = first.extended(to: before)
    let goesOn = endsLine(token) || kind == .arrow || kind == .rightBrace || kind == .rightParenthesis || kind == .comma
    let edits = goesOn || !brackets.isEmpty ? [Diagnostic.Edit(all, "")] : []
    let diagnostic = Diagnostic(
      .closesNothing, all == first ? "this `\(all.text)` closes nothing" : "these brackets close nothing", at: all,
      help: all == first && meant != nil
        ? [meant].compactMap { $0 } : [.init("remove \(all == first ? "it" : "them")", edits: edits, isSure: false)])
    edits.isEmpty ? fail(diagnostic) : report(diagnostic, isGuess: true)
  }

  /// Whether something stands at hand with which the line of a flow cannot go on.
  var breaksFlow: Bool {
    switch kind {
    case .end, .rightBrace, .recovering: false
    case .newline: [.plus, .star, .slash, .percent, .dot].contains(token.kind) || breaksFlowAtLine
    case .name where nextIs(.assign): false
    default: !kind.beginsStatement && !kind.beginsDeclaration
    }
  }

  /// Whether the line at hand stands further right than the statement and starts with nothing that a statement starts with: a stage was
  /// meant.
  private var breaksFlowAtLine: Bool {
    let kinds: [TokenKind] = [.leftBracket, .leftParenthesis, .leftBrace, .colon, .integer, .decimal]
    return kinds.contains(token.kind) && column(of: index) > column(of: statementStart)
  }

  private func endsLine(_ token: Token) -> Bool { token.startsLine || token.kind == .end }

  /// What is said of `//` at hand.
  func slashComment(_ mistake: DiagnosticCode) -> Diagnostic {
    Diagnostic(mistake, "a comment starts with `#`", at: here, help: [replace(here, by: "#")])
  }

  /// Moves to the end of the line, whose rest is a comment.
  mutating func skipComment() {
    let start = token.start
    repeat { advance() } while !endsLine(token)
    comments.append(start..<before.end)
  }

  /// A `,` at hand in place of `->`.
  private mutating func commaForArrow(_ arrow: String) {
    if let known = commaMend, known.statement == statementStart, mistakes.extend(known.number, by: .init(here, arrow)) {
      return advance()
    }
    commaMend = (statementStart, mistakes.diagnostics.count)
    report(
      Diagnostic(
        .stageExpected, "stages are joined by `->`, not by `,`", at: here,
        help: [.init("write `->`", edits: [.init(here, arrow)])]))
    advance()
  }

  /// Reports the missing `->` before a layer at hand, if one can be meant.
  mutating func mendsMissingArrow() -> Bool {
    guard kind == .name, !nextIs(.assign), mayEndStage, mayFollowLayer(next) else { return false }
    var help = [insert("-> ", "write `-> \(shortHere)`", isSure: false)]
    if index > 1, tokens[index - 1].kind == .name, tokens[index - 2].kind == .arrow, before.end - before.start <= 40 {
      help.append(
        .init(
          "or, if `\(before.text)` is a label, `\(before.text): \(shortHere)`", edits: [.init(before.after, ":")],
          isSure: false))
    }
    report(
      Diagnostic(.lineNotEnded, "an operator or `->` is missing before \(found)", at: here, help: help), isGuess: true)
    return true
  }

  /// Whether the line at hand can only go on with the flow above: a stage of several, or one with a label.
  private var startsStage: Bool {
    switch token.kind {
    case .repeat, .for, .if: next.kind != .assign
    case .string: next.kind == .colon
    case .name:
      next.kind == .colon && !next.startsLine && index + 2 < tokens.count
        && tokens[index + 2].kind == .name && !TypeSyntax.elements.contains(span(of: index + 2).text)
        || isStageWithoutArrow
    default: false
    }
  }

  /// Whether the line at hand stands further right than the statement, as the stages of its flow do, and starts with a call.
  private var isStageWithoutArrow: Bool {
    column(of: index) > column(of: statementStart)
      && (endsLine(next) || next.kind == .arrow || next.kind == .leftParenthesis)
  }

  /// Reports the `->` that is missing before the line at hand.
  private mutating func arrowMissingAtLine() {
    if kind == .name, !nextIs(.colon) {
      var last = index
      while last + 1 < tokens.count, !endsLine(tokens[last + 1]), tokens[last + 1].kind != .rightBrace { last += 1 }
      let text = shortHere + (nextIs(.leftParenthesis) ? "(…)" : "")
      return report(
        Diagnostic(
          .valueGoesNowhere, "this value goes nowhere", at: here.extended(to: span(of: last)),
          help: [
            insert("-> ", "write `-> \(text)` to continue the flow above", isSure: false),
            .init("or give it a name: `name = …`"),
          ]))
    }
    if kind == .repeat || kind == .for || kind == .if {
      let word = kind.rawValue
      report(
        Diagnostic(
          .unknownStatement, "`\(word)` is a stage: it comes after `->`", at: here,
          help: [insert("-> ", "write `-> \(word) … { … }` to continue the flow above", isSure: false)]))
    } else {
      report(
        Diagnostic(
          .valueGoesNowhere, "`\(shortHere):` labels a stage, and a stage comes after `->`", at: here,
          help: [
            insert("-> ", "write `-> \(shortHere): …` to continue the flow above", isSure: false),
            insert("layer ", "write `layer \(shortHere): …` to declare a layer and use it by name", isSure: false),
          ]))
    }
  }

  /// The text at hand, unless it is too long to repeat.
  private var shortHere: String { here.end - here.start > 40 ? "…" : here.text }

  /// Whether the token before the current one can be the last one of a stage, or a name that a flow starts from.
  private var mayEndStage: Bool {
    guard index > 0 else { return false }
    return [.rightParenthesis, .rightBrace, .name].contains(tokens[index - 1].kind)
  }

  private func mayFollowLayer(_ token: Token) -> Bool {
    endsLine(token) || [.leftParenthesis, .rightParenthesis, .rightBrace, .arrow].contains(token.kind)
  }

  /// `relu()(x)`, at the second `(`: the tensor flows into the layer already.
  private mutating func secondArguments() -> Bool {
    var last = index
    var depth = 0
    while last < tokens.count, !endsLine(tokens[last]) {
      if tokens[last].kind == .leftParenthesis { depth += 1 }
      if tokens[last].kind == .rightParenthesis { depth -= 1 }
      if depth == 0 { break }
      last += 1
    }
    guard last < tokens.count, depth == 0, tokens[last].kind == .rightParenthesis else { return false }
    let written = here.extended(to: span(of: last))
    report(
      Diagnostic(
        .tokenExpected, "a layer is not called with its tensor: that flows into it by `->`", at: written,
        help: [.init("remove `\(written.text)`", edits: [.init(written, "")], isSure: false)]))
    while index <= last { advance() }
    return true
  }

  /// Mends what stands between two stages of a group in place of `->`: true when a stage comes next.
  mutating func mendsMissingArrowInGroup() -> Bool {
    switch kind {
    case .name where mayFollowLayer(next) || [.comma, .name, .colon, .dot].contains(next.kind),
      .string where next.kind == .colon, .repeat, .for, .if, .leftBrace:
      report(
        Diagnostic(
          .stageExpected, "`->` is missing before \(found): stages are joined by it", at: here,
          help: [insert("-> ", "write `-> \(shortHere)`")]), isGuess: true)
      return true
    case .comma where next.kind == .rightBrace:
      report(
        Diagnostic(
          .stageExpected, "no `,` is needed: the stages end with `}`", at: here,
          help: [.init("remove it", edits: [.init(here, "")])]))
      advance()
      return false
    case .minus where joinsTornArrow():
      advance()
      return true
    case .comma where separatesBranches:
      branchesInBraces()
      return false
    case .comma where lacksOpenerOfArguments:
      openerMissingBefore()
      return false
    case .comma:
      commaForArrow(" ->")
      return true
    case .rightBrace where strays.contains(index) && next.kind == .arrow:
      strayBrace()
      return accept(.arrow)
    default: return false
    }
  }

  /// Mends a `,` that is missing between two elements of a list that `closer` ends: true when an element comes next. `what` says what an
  /// element is.
  mutating func mendsMissingComma(_ closer: TokenKind, _ what: String) -> Bool {
    guard kind != .recovering, let opener = brackets.last else { return false }
    if token.startsLine, continuesList(opener) {
      report(
        Diagnostic(
          .tokenExpected, "`,` or `\(closer.rawValue)` is expected after line \(before.lastLine)", at: before.after,
          secondary: [.init(here, "the next argument")],
          help: [.init("put a `,` at the end of line \(before.lastLine)", edits: [.init(before.after, ",")])]))
      return true
    }
    if what == "an element", closer == .rightBracket, kind == .name, tokens[index - 1].kind == .name {
      return titleInPieces()
    }
    let endsElement = next.kind == .comma || next.kind == closer
    // Behind `name=value` comes nothing without a name, and a parameter is a name.
    let isPlain = what != "a parameter" && (index < 2 || tokens[index - 2].kind != .assign)
    let isElement: Bool =
      switch kind {
      case .leftParenthesis, .leftBracket: isPlain && kind.closer.map { isClosedOnLine(by: $0) } ?? false
      case .integer, .decimal, .string, .true, .false, .none: isPlain && endsElement
      case .name where next.kind == .assign: closer == .rightParenthesis
      case .name: isPlain && (endsElement || next.kind == .leftParenthesis)
      default: false
      }
    // A word twice is one too many.
    let isTwice = what == "a parameter" && before.text == here.text
    guard isElement, !isTwice, !token.startsLine || next.kind != .assign else { return false }
    report(
      Diagnostic(
        .tokenExpected, "`,` or `\(closer.rawValue)` is expected, found \(found)", at: place,
        help: [.init("put a `,` between the two", edits: [.init(before.after, ",")])]), isGuess: true)
    return true
  }

  /// The title of a column with blanks in it, at its second word, which counts as read: true when an element comes next.
  private mutating func titleInPieces() -> Bool {
    var last = index
    while last + 1 < tokens.count, tokens[last + 1].kind == .name, !tokens[last + 1].startsLine { last += 1 }
    let written = before.extended(to: span(of: last))
    let title = "\"\(written.text)\""
    report(
      Diagnostic(
        .tokenExpected, "`,` or `]` is expected, found \(found)", at: place,
        help: [
          .init("a title with a blank stands in quotes: `\(title)`", edits: [.init(written, title)], isSure: false)
        ]), isGuess: true)
    while index <= last { advance() }
    return accept(.comma)
  }

  /// The stages that follow `repeat 3` and the like without braces, up to the end of their line.
  mutating func groupWithoutBraces() -> GroupSyntax? {
    let arrow = kind == .arrow && before.line == here.line ? here : nil
    let first = arrow == nil ? token : next
    guard !first.startsLine, first.kind == .name || first.kind == .string, !isRecovering else { return nil }
    let head = span(of: index)
    let word = "`\(groupWord)`"
    let known = mistakes.diagnostics.count
    if arrow != nil { advance() }
    let start = here
    guard
      let stages = nested({ parser -> [StageSyntax] in
        var stages = [parser.stage()]
        while parser.kind == .arrow, !parser.token.startsLine {
          parser.advance()
          stages.append(parser.stage())
        }
        return stages
      })
    else { return GroupSyntax(stages: [], span: before.after) }
    let end = before.after
    let isClosed = kind == .rightBrace && !token.startsLine && closesNothing(index)
    let isWhole = !isRecovering && mistakes.diagnostics.count == known
    let opening = Diagnostic.Edit(arrow.map { file.span($0.start, start.start) } ?? start.before, "{ ")
    var diagnostic = Diagnostic(
      .tokenExpected, "the stages of \(word) stand in { }, found \(head.text == "->" ? "`->`" : "`\(head.text)`")",
      at: head,
      help: [
        .init(
          isClosed ? "write `{` before them" : "write `{ \(shortened(file.span(start.start, end.start))) }`",
          edits: isWhole ? [opening] + (isClosed ? [] : [.init(end, " }")]) : [], isSure: false)
      ])
    diagnostic.isMended = isWhole
    mistakes.report(diagnostic)
    if isClosed, !isRecovering { advance() }
    return GroupSyntax(stages: stages, span: file.span(start.start, max(start.start, before.end)))
  }

  private func shortened(_ span: SourceSpan) -> String {
    span.end - span.start > 60 || span.line != span.lastLine ? "…" : span.text
  }

  /// The last `repeat`, `for`, `if` or `else` before the current token.
  private var groupWord: String {
    let word = tokens[..<index].last { [.repeat, .for, .if, .else].contains($0.kind) }
    return word?.kind.rawValue ?? "repeat"
  }
}
