import Source

// What the parser says about lines that are no declaration and no statement, or that do not end where they should.
extension Parser {
  /// Reports what stands where a declaration was expected, and moves to the next declaration.
  mutating func unknownDeclaration() {
    switch kind {
    case .rightBrace, .rightParenthesis, .rightBracket:
      fail(closing)
      return
    case .input, .output, .layer, .assert:
      fail(.unknownDeclaration, "`\(kind.rawValue)` stands in the body of a `net` or `block`")
    case .target:
      fail(.unknownDeclaration, "`target` stands in the body of `train`")
    case .name:
      let text = here.text
      if let word = Self.foreignDeclarations[text] {
        let keyword = String(word.dropFirst().prefix { $0 != " " })
        let line = file.span(token.start, file.lineRange(file.line(at: token.start)).upperBound).text
        let fits = next.kind == .name && (keyword == "const" ? line.contains("=") : line.contains("{"))
        fail(
          Diagnostic(
            .foreignWord, "`\(text)` is not a word of this language", at: here,
            help: [.init("write \(word)", edits: fits ? [.init(here, keyword)] : [])]))
      } else {
        suggest(.unknownDeclaration, "a declaration is expected", ["const", "import"])
      }
    case .doubleSlash, .slash:
      comment(.unknownDeclaration)
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
        help: [insert("const ", "write `const \(here.text) = …`")]))
  }

  /// Reports a word close to `net`, `block` or `train` before a name, and says which is meant.
  mutating func misspeltDeclaration() -> TokenKind? {
    let words: [TokenKind] = [.net, .block, .train]
    guard kind == .name, nextIs(.name), Self.foreignDeclarations[here.text] == nil,
      let word = closestSpelling(of: here.text, among: words.map(\.rawValue))
    else { return nil }
    report(
      Diagnostic(
        .unknownDeclaration, "`\(here.text)` is not a word of the language; did you mean `\(word)`?", at: here,
        help: [replace(here, by: word)]))
    return TokenKind.words[word]
  }

  /// Reports what stands where a statement was expected.
  mutating func unknownStatement(in body: Body) {
    switch kind {
    case _ where kind.isReserved && nextIs(.assign):
      fail(.reservedName, "`\(kind.rawValue)` is a word of the language and cannot name a value")
    case .input, .output, .layer, .assert:
      fail(.unknownStatement, "`\(kind.rawValue)` stands in the body of a `net` or `block`, not of `train`")
    case .target:
      fail(.unknownStatement, "`target` stands in the body of `train`")
    case .repeat, .for, .if:
      fail(
        .unknownStatement, "`\(kind.rawValue)` is a stage: it comes after `->`",
        help: ["write `name = value -> \(kind.rawValue) … { … }`"])
    case .else:
      fail(
        Diagnostic(
          .malformedCondition, "`else` stands on the line of the `}` before it", at: here,
          help: before.text == "}" ? [onOneLine(before.end, token.start, "move it there")] : []))
    case .rightParenthesis, .rightBracket:
      fail(closing)
    case .arrow:
      fail(.danglingArrow, "nothing flows into this `->`: a value is expected before it")
    case .comma where followsFlow:
      fail(
        Diagnostic(
          .unknownStatement, "stages are joined by `->`, not by `,`", at: here, help: [replace(here, by: "->")]))
    case .doubleSlash, .slash:
      comment(.unknownStatement)
    default:
      fail(.unknownStatement, "a statement is expected, found \(found)", help: [Self.statements(of: body)])
    }
  }

  /// Reports the line at hand, which starts with a name but gives it no value.
  mutating func valueGoesNowhere(in body: Body) {
    let first = here
    let word = first.text
    if let compound = compoundAssignment() { return fail(compound) }
    if let help = Self.foreignStatements[word], !nextIs(.leftParenthesis), !nextIs(.arrow) {
      fail(.foreignWord, "`\(word)` is not a word of this language", help: [help])
    } else if let help = Self.foreignDeclarations[word], next.kind == .name {
      fail(.foreignWord, "`\(word)` is not a word of this language", help: ["write \(help), outside of other bodies"])
    } else if nextIs(.colon) {
      fail(
        Diagnostic(
          .valueGoesNowhere, "`\(word):` labels a stage, and a stage comes after `->`", at: first,
          help: (followsFlow
            ? [insert("-> ", "write `-> \(word): …` to continue the flow above", isSure: false)] : [])
            + [insert("layer ", "write `layer \(word): …` to declare a layer and use it by name", isSure: false)]))
    } else if next.kind == .name || next.kind == .string || next.kind.isReserved
      || body == .net && (next.kind == .integer || next.kind == .decimal)
        && closestSpelling(of: word, among: ["assert"]) != nil,
      !next.startsLine
    {
      let words = body == .net ? ["input", "output", "layer", "assert"] : ["target"]
      suggest(.unknownStatement, "`=` is expected after `\(word)`", words)
    } else {
      flowGoesNowhere(in: body)
    }
  }

  private mutating func flowGoesNowhere(in body: Body) {
    let start = here.start
    let flow = flow()
    // What makes the line unreadable is the better message.
    guard kind == .newline || kind == .end || kind == .rightBrace else {
      if !isRecovering { lineNotEnded() }
      return
    }
    let line = file.span(start, max(start, flow.span.end))
    var help: [Diagnostic.Help] = []
    if body == .net, case .call(let call) = flow.head {
      let text = call.pathText + (call.arguments == nil ? "" : "(…)")
      if followsFlow {
        help.append(
          .init(
            "write `-> \(text)` to continue the flow above", edits: [.init(file.span(start, start), "-> ")],
            isSure: false))
        help.append(.init("or give it a name: `name = …`"))
      } else {
        help.append(.init("a flow starts from an input and has a name: `name = input -> \(text)`"))
      }
    } else {
      help.append(.init(body == .net ? "give it a name: `name = …`" : Self.statements(of: .train)))
    }
    fail(Diagnostic(.valueGoesNowhere, "this value goes nowhere", at: line, help: help))
  }

  /// Reports what stands after a complete statement.
  mutating func lineNotEnded() {
    switch kind {
    case .rightParenthesis, .rightBracket:
      fail(closing)
    case .doubleSlash where before.end < token.start:
      comment(.lineNotEnded)
    case .plus, .minus, .star, .slash, .percent, .doubleStar, .equal, .less, .greater:
      fail(
        .lineNotEnded, "`\(kind.rawValue)` cannot follow a stage",
        help: ["to compute with the result of a flow, put the flow in ( )"]
          + (kind == .star ? ["to repeat stages, write `-> repeat n { … }`"] : []))
    case .arrow:
      fail(
        .danglingArrow, "this `->` does not continue a flow: the statement before it holds none",
        help: ["start a flow by `name = value -> …` or `output name = value -> …`"])
    case .if:
      fail(.malformedCondition, "a value cannot be followed by `if`", help: ["write `if c then a else b`"])
    case .then, .else:
      fail(.malformedCondition, "this `\(kind.rawValue)` has no `if` before it")
    case .comma where next.startsLine || next.kind == .end || next.kind == .rightBrace:
      fail(
        Diagnostic(
          .lineNotEnded, "no `,` is needed: a statement ends with its line", at: here,
          help: [.init("remove it", edits: [.init(here, "")])]))
    case .name where tokens[statementStart].kind == .import:
      fail(
        .lineNotEnded, "nothing follows the file of an `import`",
        help: ["what it declares is used by the names that it has there"])
    case .comma where tokens[statementStart].kind == .input || tokens[statementStart].kind == .target:
      let word = span(of: statementStart).text
      fail(
        .lineNotEnded, "a `,` has no meaning here", help: ["each \(word) has a line of its own: `\(word) name: type`"])
    case .comma:
      fail(.lineNotEnded, "a `,` has no meaning here", help: ["several values stand in [ ]"])
    case .assign:
      fail(.lineNotEnded, "a value cannot be given here")
    case .name where here.text == "elif":
      fail(
        Diagnostic(
          .foreignWord, "`elif` is not a word of this language", at: here, help: [replace(here, by: "else if")]))
    case .invalid:
      fail(.lineNotEnded, "the end of the line is expected")
    default:
      let startsStatement = kind.beginsStatement || kind.beginsDeclaration || kind == .name && nextIs(.assign)
      if startsStatement {
        fail(
          Diagnostic(
            .lineNotEnded, "a line holds one statement: \(found) starts another", at: here,
            help: [insert("\n", "start a new line")]))
      } else if kind == .name || kind == .integer || kind == .decimal || kind == .string {
        let arrow = insert("-> ", "write `-> \(here.end - here.start > 40 ? "…" : here.text)`", isSure: false)
        fail(
          Diagnostic(
            .lineNotEnded, "an operator or `->` is missing before \(found)", at: here,
            help: kind == .name ? [arrow] : []))
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
    let saved = (bodyStart, holdsFlow, looseGroup)
    defer { (bodyStart, holdsFlow, looseGroup) = saved }
    beginStatement()
    let declaration = nested { $0.declaration() }
    endLine()
    return declaration ?? nil
  }

  /// Notes a group, opened at `opener`, that the `}` at hand closes although it stands further left.
  mutating func noteLooseGroup(_ opener: Int) {
    guard looseGroup == nil, kind == .rightBrace, token.startsLine, column(of: index) < indentation(of: opener) else {
      return
    }
    looseGroup = (opener, index)
  }

  /// The number of bytes before the first token of the line of the token at `index`.
  private func indentation(of index: Int) -> Int {
    var first = index
    while first > 0, !tokens[first].startsLine { first -= 1 }
    return column(of: first)
  }

  /// Reports that the body of `owner`, opened at `opener`, does not end.
  mutating func bodyNotClosed(_ owner: String, _ opener: SourceSpan) {
    if hasNoBraces { return }
    if let group = looseGroup { return groupNotClosed(group.opener, group.closer) }
    let label = Diagnostic.Label(here, "`}` is expected before this")
    report(
      Diagnostic(
        .bodyNotClosed, "the body of \(owner) is not closed: its `{` on line \(opener.line) has no `}`", at: opener,
        secondary: token.kind == .end ? [] : [label],
        help: [.init("close it after line \(before.lastLine)", edits: [.init(before.after, "\n}")])]))
  }

  /// Reports the `{` of a group that has no `}`; the one at `closer` was meant for the body.
  private mutating func groupNotClosed(_ opener: Int, _ closer: Int) {
    // The group ends where its line does, or before the first line that stands no further right.
    let margin = indentation(of: opener)
    var last = opener
    let isOnOneLine = opener + 1 < tokens.count && !tokens[opener + 1].startsLine
    while last + 1 < closer {
      let next = tokens[last + 1]
      if next.startsLine, isOnOneLine || column(of: last + 1) <= margin { break }
      last += 1
    }
    let end = span(of: last)
    report(
      Diagnostic(
        .bodyNotClosed, "this `{` is not closed: the `}` on line \(span(of: closer).line) closes it, and is the body's",
        at: span(of: opener), secondary: [.init(span(of: closer), "meant for the body")],
        help: [
          .init(
            "write `}` at the end of line \(end.lastLine)", edits: last > opener ? [.init(end.after, " }")] : [],
            isSure: false)
        ]))
  }

  /// What a closing bracket without partner is told.
  var closing: Diagnostic {
    Diagnostic(
      .closesNothing, "this `\(kind.rawValue)` closes nothing", at: here,
      help: [.init("remove it", edits: [.init(here, "")], isSure: false)])
  }

  private mutating func comment(_ mistake: DiagnosticCode) {
    fail(Diagnostic(mistake, "a comment starts with `#`", at: here, help: [replace(here, by: "#")]))
  }

  /// Reports the name at hand; if it is close to one of `words`, that is offered.
  private mutating func suggest(_ mistake: DiagnosticCode, _ message: String, _ words: [String]) {
    let text = here.text
    if let word = closestSpelling(of: text, among: words) {
      fail(
        Diagnostic(
          mistake, "`\(text)` is not a word of the language; did you mean `\(word)`?", at: here,
          help: [replace(here, by: word)]))
    } else {
      let found = mistake == .unknownStatement ? span(of: index + 1).text : text
      let place = mistake == .unknownStatement ? span(of: index + 1) : here
      fail(Diagnostic(mistake, "\(message), found `\(found)`", at: place))
    }
  }

  private static func statements(of body: Body) -> String {
    switch body {
    case .net: "a line is `input`, `output`, `layer`, `assert` or `name = flow`"
    case .train: "a line is `target name: type` or `name = value`"
    }
  }

  private static let foreignDeclarations: [String: String] = [
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
