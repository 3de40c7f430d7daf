import Source

// What the parser says about lines that are no declaration and no statement, or that do not end where they should.
extension Parser {
  /// Reports what stands where a declaration was expected, and moves to the next declaration.
  mutating func unknownDeclaration() {
    switch kind {
    case .rightBrace:
      fail(closing)
      return
    case .input, .output, .layer, .assert:
      fail(
        .unknownDeclaration, "`\(kind.rawValue)` stands in the body of a `net` or `block`",
        help: ["a body starts with a line such as `net Name {`"])
    case .target:
      fail(.unknownDeclaration, "`target` stands in the body of `train`")
    case .name:
      let text = here.text
      if let word = Self.foreignDeclarations[text] {
        fail(.foreignWord, "`\(text)` is not a word of this language", help: ["write \(word)"])
      } else {
        fail(.unknownDeclaration, "a declaration is expected, found `\(text)`")
      }
    case .doubleSlash, .slash:
      report(slashComment(.unknownDeclaration))
      skipComment()
    default:
      fail(
        .unknownDeclaration, "a declaration is expected, found \(found)",
        help: ["a file holds `net`, `block`, `train`, `const` and `import`"])
    }
    recoverToDeclaration()
  }

  /// Reports a name that gets its value outside of bodies, which is read as a constant.
  mutating func constWithoutWord() {
    report(
      Diagnostic(
        .unknownDeclaration, "outside of bodies, a name gets its value by `const`", at: here,
        help: startsLineOfItsOwn() ? [insert("const ", "write `const \(here.text) = …`")] : []))
  }

  /// Whether the current token starts a line that holds no flow.
  private func startsLineOfItsOwn() -> Bool {
    guard token.startsLine || index == 0 else { return false }
    var last = index + 1
    while last < tokens.count, !tokens[last].startsLine, tokens[last].kind != .arrow { last += 1 }
    return last >= tokens.count || tokens[last].kind != .arrow
  }

  /// Reports a word close to one that begins a declaration, or of another language for one, and says which is meant; nil where that is
  /// not clear.
  mutating func misspeltDeclaration() -> TokenKind? {
    guard kind == .name, nextIs(.name) || nextIs(.string) else { return nil }
    let text = here.text
    if let word = Self.foreignDeclarations[text] {
      var keyword = String(word.dropFirst().prefix { $0 != " " })
      let line = file.span(token.start, file.lineRange(file.line(at: token.start)).upperBound).text
      let mark = keyword == "const" ? "=" : keyword == "import" ? "\"" : "{"
      guard line.contains(mark), next.kind == (keyword == "import" ? .string : .name) else { return nil }
      var meant = word
      if keyword == "net" || keyword == "block" {
        keyword = isMeantAsNet(text) ? "net" : "block"
        meant = keyword == "net" ? "`net Name { … }`" : "`block name(…) { … }`"
      }
      report(
        Diagnostic(
          .foreignWord, "`\(text)` is not a word of this language", at: here,
          help: [.init("write \(meant)", edits: [.init(here, keyword)])]))
      return TokenKind.words[keyword]
    }
    let words: [TokenKind] = next.kind == .string ? [.import] : [.net, .block, .train, .const]
    return misspelt(.unknownDeclaration, words)
  }

  /// Reports a word close to one of those that begin a statement, before a name, and says which is meant.
  mutating func misspeltStatement(_ words: [TokenKind]) -> TokenKind? {
    guard kind == .name else { return nil }
    if nextIs(.name) {
      // What has a value and no type is an output.
      let givesValue = index + 2 < tokens.count && tokens[index + 2].kind == .assign
      return misspelt(.unknownStatement, givesValue ? words.filter { $0 == .output } : words)
    }
    return nextIs(.integer) && words.contains(.assert) ? misspelt(.unknownStatement, [.assert]) : nil
  }

  /// Reports `x: f32[3]` without `input` or `target` before it, and says which is meant.
  mutating func declarationWithoutWord(_ declared: TokenKind) -> TokenKind? {
    guard kind == .name, nextIs(.colon), index + 2 < tokens.count, !tokens[index + 2].startsLine,
      TypeSyntax.elements.contains(span(of: index + 2).text)
    else { return nil }
    // What has a type and a value is an output.
    let line = tokens[(index + 3)...].prefix { !$0.startsLine && $0.kind != .arrow }
    let word = declared == .input && line.contains { $0.kind == .assign } ? .output : declared
    report(
      Diagnostic(
        .unknownStatement, "`\(word.rawValue)` is missing before `\(here.text)`, which has a type", at: here,
        help: [insert("\(word.rawValue) ", "write `\(word.rawValue) \(here.text): …`")]))
    return word
  }

  /// Whether the line behind that of the current token goes on with `->`.
  private func flowGoesOn() -> Bool {
    var last = index + 1
    while last < tokens.count, !tokens[last].startsLine { last += 1 }
    return last < tokens.count && tokens[last].kind == .arrow
  }

  private mutating func misspelt(_ mistake: DiagnosticCode, _ words: [TokenKind]) -> TokenKind? {
    guard let word = closestSpelling(of: here.text, among: words.map(\.rawValue)) else { return nil }
    report(
      Diagnostic(
        mistake, "`\(here.text)` is not a word of the language; did you mean `\(word)`?", at: here,
        help: [replace(here, by: word)]))
    return TokenKind.words[word]
  }

  /// Reports what stands where a statement was expected.
  mutating func unknownStatement(in body: Body) {
    switch kind {
    case _ where kind.isReserved && nextIs(.assign):
      fail(
        .reservedName, "`\(kind.rawValue)` is a word of the language and cannot name a value",
        help: kind == .net && body == .train ? ["the net to train stands behind `train`: `train Name { … }`"] : [])
    case .input, .output, .layer, .assert:
      fail(
        .unknownStatement, "`\(kind.rawValue)` stands in the body of a `net` or `block`, not of `train`",
        help: ["move this line into the body of the net"])
    case .target:
      fail(
        .unknownStatement, "`target` stands in the body of `train`",
        help: ["move this line into `train … { … }`: the net does not see what it should have said"])
    case .net, .block, .train:
      fail(
        .unknownStatement, "a `\(kind.rawValue)` stands outside of other bodies",
        help: kind == .train ? ["behind the `}` of the net: `train \(onlyNet ?? "Net") { … }`"] : [])
    case .repeat, .for, .if:
      fail(
        .unknownStatement, "`\(kind.rawValue)` is a stage: it comes after `->`",
        help: ["write `name = value -> \(kind.rawValue) … { … }`"])
    case .else:
      fail(.malformedCondition, "this `else` has no `if` before it")
    case .rightParenthesis, .rightBracket:
      strayClosers()
    case .arrow:
      fail(.danglingArrow, "nothing flows into this `->`: a value is expected before it")
    case .comma where followsFlow:
      fail(.unknownStatement, "stages are joined by `->`, not by `,`")
    case .doubleSlash, .slash:
      report(slashComment(.unknownStatement))
      skipComment()
    default:
      fail(.unknownStatement, "a statement is expected, found \(found)", help: [Self.statements(of: body)])
    }
  }

  /// Reports the line at hand, which starts with a name but gives it no value; a flow to which only a name is missing is its result.
  mutating func valueGoesNowhere(in body: Body) -> FlowSyntax? {
    let first = here
    let word = first.text
    if let compound = compoundAssignment() {
      fail(compound)
      return nil
    }
    if let help = Self.foreignStatements[word], !nextIs(.leftParenthesis), !nextIs(.arrow) {
      fail(.foreignWord, "`\(word)` is not a word of this language", help: [help])
    } else if let help = Self.foreignDeclarations[word], next.kind == .name {
      fail(.foreignWord, "`\(word)` is not a word of this language", help: ["write \(help), outside of other bodies"])
    } else if nextIs(.colon) {
      let layer = insert("layer ", "write `layer \(word): …` to declare a layer and use it by name", isSure: false)
      fail(
        Diagnostic(
          .valueGoesNowhere, "`\(word):` labels a stage, and a stage comes after `->`", at: first,
          help: startsLineOfItsOwn() && !flowGoesOn() ? [layer] : []))
    } else if next.kind == .name || next.kind == .string || next.kind.isReserved
      || body == .net && (next.kind == .integer || next.kind == .decimal)
        && closestSpelling(of: word, among: ["assert"]) != nil,
      !next.startsLine
    {
      let words = body == .net ? ["input", "output", "layer", "assert"] : ["target"]
      suggest("`=` is expected after `\(word)`", words)
    } else {
      return flowGoesNowhere(in: body)
    }
    return nil
  }

  private mutating func flowGoesNowhere(in body: Body) -> FlowSyntax? {
    let start = here.start
    let above = index > 0 ? tokens[index - 1].kind : .end
    let flow = flow()
    // What makes the line unreadable is the better message.
    guard kind == .newline || kind == .end || kind == .rightBrace else {
      if !isRecovering { lineNotEnded() }
      return nil
    }
    let line = file.span(start, max(start, flow.span.end))
    var help: [Diagnostic.Help] = []
    if body == .net, case .call(let call) = flow.head {
      let text = call.pathText + (call.arguments == nil ? "" : "(…)")
      let free = call.pathText == "y" ? "result" : "y"
      let isInput = call.arguments == nil && isInput(call.pathText, below: bodyStart)
      if followsFlow, !isInput {
        help.append(
          .init(
            "write `-> \(text)` to continue the flow above",
            edits: [.arrow, .colon].contains(above) ? [] : [.init(file.span(start, start), "-> ")], isSure: false))
        help.append(.init("or give it a name: `name = …`"))
      } else {
        help.append(
          flow.stages.isEmpty && isInput
            ? .init("an output starts from it: `output \(free) = \(text) -> …`")
            : flow.stages.isEmpty
              ? .init("a flow starts from an input and has a name: `name = input -> \(text)`")
              : .init(
                "give what comes out a name: `output \(free) = \(text) -> …`",
                edits: [.init(file.span(start, start), "output \(free) = ")], isSure: false))
      }
    } else {
      help.append(.init(body == .net ? "give it a name: `name = …`" : Self.statements(of: .train)))
    }
    fail(Diagnostic(.valueGoesNowhere, "this value goes nowhere", at: line, help: help))
    return body == .net && !flow.stages.isEmpty ? flow : nil
  }

  /// Reports what stands after a complete statement.
  mutating func lineNotEnded() {
    if let diagnostic = foreignOperator { return fail(diagnostic) }
    switch kind {
    case .plus, .percent, .comma, .string, .dot, .name:
      if tokens[statementStart].kind == .assert, before.text.hasSuffix("\"") { return messageInPieces() }
    default: break
    }
    switch kind {
    case .leftBracket where before.text == "]": fail(.tokenExpected, "values are not indexed by [ ]")
    case .dot where next.kind == .name:
      fail(
        .lineNotEnded, "a stage follows another by `->`, not by `.`", help: ["write `-> \(span(of: index + 1).text)…`"])
    case .plus, .minus, .star, .slash, .percent, .doubleStar, .equal, .less, .greater:
      fail(
        .lineNotEnded, "`\(kind.rawValue)` cannot follow a stage",
        help: ["to compute with the result of a flow, put the flow in ( )"]
          + (kind == .star ? ["to repeat stages, write `-> repeat n { … }`"] : []))
    case .arrow where tokens[statementStart].kind == .layer:
      fail(
        .lineNotEnded, "`layer` declares one layer, nothing flows here",
        help: ["several layers under one name are a `block`"])
    case .arrow:
      fail(
        .danglingArrow, "this `->` does not continue a flow: the statement before it holds none",
        help: ["start a flow by `name = value -> …` or `output name = value -> …`"])
    case .if:
      fail(.malformedCondition, "a value cannot be followed by `if`", help: ["write `if c then a else b`"])
    case .then, .else:
      fail(.malformedCondition, "this `\(kind.rawValue)` has no `if` before it")
    case .name where tokens[statementStart].kind == .import:
      fail(
        .lineNotEnded, "nothing follows the file of an `import`",
        help: ["what it declares is used by the names that it has there"])
    case .comma where tokens[statementStart].kind == .input || tokens[statementStart].kind == .target:
      let word = span(of: statementStart).text
      fail(
        .lineNotEnded, "a `,` has no meaning here", help: ["each \(word) has a line of its own: `\(word) name: type`"])
    case .comma:
      fail(.lineNotEnded, "a `,` has no meaning here", help: [commaHelp])
    case .assign:
      fail(.lineNotEnded, "a value cannot be given here")
    case .name where here.text == "elif":
      fail(.foreignWord, "`elif` is not a word of this language", help: ["write `else if`, after a stage `if c { … }`"])
    case .invalid:
      fail(.lineNotEnded, "the end of the line is expected")
    default:
      let startsStatement = kind.beginsStatement || kind.beginsDeclaration || kind == .name && nextIs(.assign)
      if startsStatement {
        // A declaration inside of a body would only be the next mistake.
        let isOutside = tokens[statementStart].kind.beginsDeclaration
        if kind.beginsDeclaration ? isOutside : !isOutside {
          report(
            Diagnostic(
              .lineNotEnded, "a line holds one statement: \(found) starts another", at: here,
              help: [insert("\n", "start a new line")]))
        } else {
          fail(.lineNotEnded, "a line holds one statement: \(found) starts another")
        }
      } else if kind == .name || kind == .integer || kind == .decimal || kind == .string {
        fail(.lineNotEnded, "an operator or `->` is missing before \(found)", help: besideValueHelp)
      } else {
        fail(.lineNotEnded, "the end of the line is expected, found \(found)")
      }
    }
  }

  /// A declaration inside of a body, which its column shows: reported, and read as if it stood outside; nil where none stands here.
  mutating func innerDeclaration(of header: Int) -> DeclarationSyntax? {
    guard kind.beginsDeclaration, beginsLine(index), column(of: index) > column(of: header) else { return nil }
    let word = here
    report(
      Diagnostic(
        .unknownStatement, "a `\(word.text)` stands outside of other bodies", at: word,
        help: [
          .init(
            kind == .const ? "inside, a name gets its value without `const`" : "move it out of the body",
            edits: kind == .const ? [.init(file.span(word.start, next.start), "")] : [], isSure: false)
        ]))
    let saved = holdsFlow
    defer { holdsFlow = saved }
    beginStatement()
    let declaration = nested { $0.declaration() }
    endLine()
    return declaration ?? nil
  }

  /// Reports that the body of `owner`, opened at `opener`, does not end.
  mutating func bodyNotClosed(_ owner: String, _ opener: SourceSpan) {
    if hasNoBraces || isHeaderUnread { return }
    let label = Diagnostic.Label(here, "`}` is expected before this")
    report(
      Diagnostic(
        .bodyNotClosed, "the body of \(owner) is not closed: its `{` on line \(opener.line) has no `}`", at: opener,
        secondary: token.kind == .end ? [] : [label],
        help: [.init("close it after line \(before.lastLine)", edits: [.init(before.after, "\n}")])]))
  }

  /// Reports the `{` at `opener`, the start of a group, that has no `}`; one was put in at hand.
  mutating func groupNotClosed(_ opener: Int) {
    var (depth, closer) = (1, opener)
    while depth > 0, closer + 1 < tokens.count {
      closer += 1
      if tokens[closer].kind == .leftBrace { depth += 1 }
      if tokens[closer].kind == .rightBrace, !tokens[closer].isPutIn { depth -= 1 }
    }
    let end = span(of: index - 1)
    let fix = Diagnostic.Help(
      "write `}` at the end of line \(end.lastLine)", edits: index > opener + 1 ? [.init(end.after, " }")] : [],
      isSure: false)
    guard depth == 0 else {
      return report(Diagnostic(.bodyNotClosed, "this `{` is not closed", at: span(of: opener), help: [fix]))
    }
    let last = tokens[min(closer + 1, tokens.count - 1)].kind
    let owner = last == .end || last.beginsDeclaration ? "the body" : "an outer group"
    report(
      Diagnostic(
        .bodyNotClosed, "this `{` is not closed: the `}` on line \(span(of: closer).line) closes it, and is \(owner)'s",
        at: span(of: opener), secondary: [.init(span(of: closer), "meant for \(owner)")], help: [fix]))
  }

  /// Reports the `}` at hand, which has no `{`, and moves past it.
  mutating func strayBrace() {
    report(
      Diagnostic(
        .closesNothing, "this `}` closes nothing", at: here,
        help: [.init("remove it", edits: [.init(here, "")], isSure: false)]))
    advance()
  }

  /// What a `}` without partner is told; a fix where nothing follows on its line.
  private var closing: Diagnostic {
    Diagnostic(
      .closesNothing, "this `\(kind.rawValue)` closes nothing", at: here,
      help: [
        .init(
          "remove it", edits: next.kind != .arrow && (next.startsLine || next.kind == .end) ? [.init(here, "")] : [],
          isSure: false)
      ])
  }

  /// Reports the name at hand; if it is close to one of `words`, that is offered.
  private mutating func suggest(_ message: String, _ words: [String]) {
    let text = here.text
    if let word = closestSpelling(of: text, among: words) {
      fail(
        .unknownStatement, "`\(text)` is not a word of the language; did you mean `\(word)`?", help: ["write `\(word)`"]
      )
    } else {
      let place = span(of: index + 1)
      fail(Diagnostic(.unknownStatement, "\(message), found `\(place.text)`", at: place))
    }
  }

  private static func statements(of body: Body) -> String {
    switch body {
    case .net: "a line is `input`, `output`, `layer`, `assert` or `name = flow`"
    case .train: "a line is `target name: type` or `name = value`"
    }
  }

  static let foreignDeclarations: [String: String] = [
    "def": "`block name(…) { … }`", "func": "`block name(…) { … }`", "fn": "`block name(…) { … }`",
    "function": "`block name(…) { … }`", "class": "`net Name { … }`", "model": "`net Name { … }`",
    "network": "`net Name { … }`", "module": "`block name(…) { … }`", "from": "`import \"file.net\"`",
    "include": "`import \"file.net\"`", "let": "`const name = …`", "var": "`const name = …`",
  ]

  private static let foreignStatements: [String: String] = [
    "return": "write `output name = …`", "let": "write `name = …`", "var": "write `name = …`",
    "val": "write `name = …`", "while": "repeat stages by `-> repeat n { … }`", "pass": "a body may be empty",
    "print": "`netc summary` shows every shape",
  ]
}
