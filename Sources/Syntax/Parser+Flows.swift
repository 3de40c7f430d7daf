import Source

extension Parser {
  /// A flow of a statement: after a mistake it goes on at the next line that starts with `->`.
  mutating func statementFlow() -> FlowSyntax {
    let start = token.start
    let head = expression()
    return continuedFlow(from: head, start: start)
  }

  /// The flow of a statement whose head has been read.
  mutating func continuedFlow(from head: ExpressionSyntax, start: Int) -> FlowSyntax {
    var stages: [StageSyntax] = []
    recoverInFlow(&stages)
    while true {
      let place = index
      if kind == .arrow || joinsTornArrow() {
        stages += stagesAfterArrow()
      } else if let continuation = mendEndOfFlow(hasStages: !stages.isEmpty) {
        if continuation == .stage { stages.append(stage()) }
      } else if breaksFlow {
        // What the flow carries behind this nobody knows.
        let startsLine = kind == .newline
        skipNewline()
        lineNotEnded()
        if startsLine { advance() }
        stages.append(StageSyntax(label: nil, kind: .missing, span: before.after))
      } else {
        break
      }
      recoverInFlow(&stages)
      // What is no stage although it looked like one is left to the next statement.
      if index == place { break }
    }
    return FlowSyntax(head: head, stages: stages, span: span(from: start))
  }

  /// Goes on at the next stage of the statement's flow, if it has one; else stays `recovering`. What the flow carries behind what was left
  /// out is not known.
  private mutating func recoverInFlow(_ stages: inout [StageSyntax]) {
    guard isRecovering else { return }
    recover(atArrow: true)
    if !(stages.last?.isMissing ?? false) {
      stages.append(StageSyntax(label: nil, kind: .missing, span: before.after))
    }
  }

  /// A flow that is all there is.
  mutating func loneFlow() -> FlowSyntax {
    skipNewline()
    beginStatement()
    let flow = flow()
    skipNewline()
    if kind != .end, !isRecovering { lineNotEnded() }
    return flow
  }

  /// `expr { "->" stage }`; `isAlone` says that it stands in parentheses of its own, where two stages without `->` between them are no
  /// two elements.
  mutating func flow(isAlone: Bool = false) -> FlowSyntax {
    let start = token.start
    let head = expression()
    var stages: [StageSyntax] = []
    while true {
      if kind == .arrow || joinsTornArrow() {
        stages += stagesAfterArrow()
      } else if isAlone, mendsMissingArrow() {
        stages.append(stage())
      } else {
        break
      }
    }
    return FlowSyntax(head: head, stages: stages, span: span(from: start))
  }

  /// The stage after the arrow at hand, and what is missing between it and further arrows.
  private mutating func stagesAfterArrow() -> [StageSyntax] {
    let arrow = here
    advance()
    var stages: [StageSyntax] = []
    let known = mistakes.diagnostics.count
    // A few too many are one mistake; a file of them is given up.
    var rest = 20
    while kind == .arrow {
      let extra = Diagnostic.Edit(file.span(before.end, here.end), "")
      if !stages.isEmpty, rest > 0, mistakes.extend(known, by: extra) {
        rest -= 1
        advance()
      } else {
        stages.append(doubleArrow())
      }
    }
    if kind == .newline, stages.isEmpty { arrowAtEndOfLine(arrow) }
    skipNewline()
    return stages + [stage()]
  }

  /// `[ label ":" ] ( call | group | repeat | for | cond )`
  mutating func stage() -> StageSyntax {
    let start = token.start
    let label = label()
    if label != nil { joinsStage() }
    let stageKind: StageSyntax.Kind =
      switch timesGroup() ?? kind {
      case .name: reportsWhile() ? .missing : .call(call())
      case .leftBrace: .group(group())
      case .repeat: repetition()
      case .for: iteration()
      case .if: .if(conditionalStage())
      default: missingStage(hasLabel: label != nil)
      }
    return StageSyntax(label: label, kind: stageKind, span: span(from: start))
  }

  private mutating func label() -> LabelSyntax? {
    let span = here
    switch kind {
    case .name where nextIs(.colon) || isLabelOverLines:
      advance()
      _ = joinsLine(.colon)
      advance()
      return LabelSyntax(kind: .name(span.text), span: span)
    case .string where nextIs(.colon):
      let text = string("a label")?.value ?? ""
      if text.isEmpty { report(Diagnostic(.nameExpected, "a label cannot be empty", at: span)) }
      advance()
      return LabelSyntax(kind: .string(text), span: span)
    case .name where isNumberedLabel:
      let prefix = name("a label")
      advance()
      let variable = name("a number")
      advance()
      let whole = self.span(from: span.start)
      advance()
      return LabelSyntax(kind: .numbered(prefix: prefix, variable: variable), span: whole)
    default:
      return labelInPieces() ?? replacedLabel()
    }
  }

  /// Whether `NAME "{" NAME "}" ":"` stands here.
  var isNumberedLabel: Bool {
    let expected: [TokenKind] = [.name, .leftBrace, .name, .rightBrace, .colon]
    guard index + expected.count <= tokens.count else { return false }
    return expected.indices.allSatisfy { tokens[index + $0].kind == expected[$0] }
  }

  /// `"{" stage { "->" stage } "}"`
  private mutating func group() -> GroupSyntax {
    let start = token.start
    skipBeforeGroup()
    if kind == .leftParenthesis || kind == .leftBracket, let group = groupInParentheses() { return group }
    if kind != .leftBrace, let group = groupWithoutBraces() { return group }
    guard kind == .leftBrace || acceptsGroupOnNextLine() else {
      return GroupSyntax(stages: [], span: before.after)
    }
    if token.isPutIn { braceMissing() }
    let stages = nested { parser -> [StageSyntax] in
      parser.open()
      if parser.kind == .rightBrace { parser.emptyGroup() }
      if parser.kind == .arrow { parser.arrowStartsGroup() }
      var stages = [parser.stage()]
      while parser.accept(.arrow) || parser.mendsMissingArrowInGroup() {
        while parser.kind == .arrow { stages.append(parser.doubleArrow()) }
        stages.append(parser.stage())
      }
      parser.expectClosing(.rightBrace)
      return stages
    }
    return GroupSyntax(stages: stages ?? [], span: span(from: start))
  }

  private mutating func repetition() -> StageSyntax.Kind {
    let start = token.start
    let isTimes = kind == .integer
    if !isTimes { advance() }
    let count = kind == .leftBrace ? countIsMissing() : isTimes ? timesCount() : expression()
    let body = group()
    return .repeat(RepeatSyntax(count: count, body: body, span: span(from: start)))
  }

  private mutating func iteration() -> StageSyntax.Kind {
    let start = token.start
    advance()
    var variables = [name("the variable of `for`")]
    while accept(.comma) { variables.append(name("the variable of `for`")) }
    expect(.in, after: "the variables of `for`")
    let sequence = expression()
    let body = group()
    return .for(ForSyntax(variables: variables, sequence: sequence, body: body, span: span(from: start)))
  }

  private mutating func conditionalStage(isAtCondition: Bool = false) -> ConditionalStageSyntax {
    let start = token.start
    if !isAtCondition { advance() }
    let condition = expression()
    let then = group()
    var otherwise: ConditionalStageSyntax.Otherwise?
    if kind == .newline, token.kind == .else { elseOnNextLine() }
    if kind == .rightBrace, strays.contains(index), next.kind == .else { strayBrace() }
    if kind == .name, here.text == "elif" {
      report(
        Diagnostic(
          .foreignWord, "`elif` is not a word of this language", at: here, help: [replace(here, by: "else if")]))
      advance()
      otherwise = nested { $0.conditionalStage(isAtCondition: true) }.map { .if($0) }
    } else if accept(.else) {
      otherwise = kind == .if ? nested { $0.conditionalStage() }.map { .if($0) } : .group(group())
    }
    return ConditionalStageSyntax(
      condition: condition, then: then, otherwise: otherwise, span: span(from: start))
  }

  /// `NAME { "." NAME } [ args ]`
  mutating func call() -> CallSyntax {
    let start = token.start
    var path = [name("a layer")]
    while accept(.dot) { path.append(name("what follows the dot")) }
    let opens = kind == .leftParenthesis || joinsLine(.leftParenthesis)
    let arguments = opens ? arguments() : lacksOpener ? argumentsWithoutOpener() : nil
    return CallSyntax(path: path, arguments: arguments, span: span(from: start))
  }

  /// `"(" [ arg { "," arg } [ "," ] ] ")"`
  mutating func arguments() -> ArgumentsSyntax {
    let start = token.start
    let arguments = list(.rightParenthesis, "an argument") { $0.argument() }
    return ArgumentsSyntax(arguments: arguments, span: span(from: start))
  }

  /// `linear 10)`, at the number: the arguments of a call whose `(` is missing.
  private mutating func argumentsWithoutOpener() -> ArgumentsSyntax {
    openerMissing()
    let start = token.start
    let arguments = list(.rightParenthesis, "an argument", isOpen: true) { $0.argument() }
    return ArgumentsSyntax(arguments: arguments, span: span(from: start))
  }

  private mutating func argument() -> ArgumentSyntax {
    let start = token.start
    var name: NameSyntax?
    if kind == .name || kind.isReserved, nextIs(.assign) {
      name = nameHere
      advance()
      advance()
    } else if kind == .name || kind.isReserved, nextIs(.colon) {
      name = argumentWithColon()
    }
    let value = flow()
    return ArgumentSyntax(name: name, value: value, span: span(from: start))
  }

  /// Elements between brackets, with an optional comma after the last; `what` says in messages what an element is, `isOpen` that the
  /// opening bracket is missing.
  mutating func list<Element>(
    _ closer: TokenKind, _ what: String, isOpen: Bool = false, _ element: (inout Parser) -> Element
  ) -> [Element] {
    let elements = nested { parser -> [Element] in
      if isOpen { parser.brackets.append(parser.index - 1) } else { parser.open() }
      var elements: [Element] = []
      while parser.kind != closer, parser.kind != .recovering, !parser.startsNextStatement() {
        if parser.kind == .comma {
          let extra = parser.file.span(parser.before.end, parser.here.end)
          let message = "\(what) is expected, found `,`"
          if elements.isEmpty {
            parser.fail(.valueExpected, message)
            break
          }
          parser.report(
            Diagnostic(
              .valueExpected, message, at: parser.here, help: [.init("remove it", edits: [.init(extra, "")])]),
            isGuess: true)
          parser.advance()
          continue
        }
        elements.append(element(&parser))
        guard parser.accept(.comma) || parser.mendsMissingComma(closer, what) else { break }
      }
      parser.expectClosing(closer, orComma: true)
      return elements
    }
    return elements ?? []
  }
}
