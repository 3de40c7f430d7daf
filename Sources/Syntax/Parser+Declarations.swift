import Source

extension Parser {
  /// `{ NL } { declaration NL { NL } }`
  mutating func declarations() -> [DeclarationSyntax] {
    var declarations: [DeclarationSyntax] = []
    while true {
      skipNewline()
      if kind == .end { return declarations }
      if token.isPutIn {
        advance()
        continue
      }
      beginStatement()
      if let declaration = declaration() { declarations.append(declaration) }
      declarations += hoisted
      hoisted = []
      endLine()
    }
  }

  mutating func declaration() -> DeclarationSyntax? {
    let start = token.start
    isInTrain = true
    if kind == .rightParenthesis || kind == .rightBracket { strayClosers() }
    let word = kind == .name ? misspeltDeclaration() ?? kind : kind
    switch word {
    case .import:
      advance()
      guard let path = importPath() else { return nil }
      // `from "file.net" import name`: what it declares has its names here anyway.
      if tokens[statementStart].kind == .name, kind == .import {
        while kind != .newline, kind != .end { advance() }
      }
      return .import(ImportSyntax(path: path, span: span(from: start)))
    case .const:
      advance()
      let name = name("the constant")
      expect(.assign, after: "the name of the constant")
      let value = expression()
      return .const(ConstSyntax(name: name, value: value, span: span(from: start)))
    case .name where nextIs(.assign):
      constWithoutWord()
      let name = name("the constant")
      advance()
      let value = expression()
      return .const(ConstSyntax(name: name, value: value, span: span(from: start)))
    case .net, .block:
      return .net(net(word == .net ? .net : .block))
    case .train:
      return .train(train())
    case .newline, .end: return nil
    default:
      unknownDeclaration()
      return nil
    }
  }

  private mutating func net(_ keyword: NetSyntax.Kind) -> NetSyntax {
    let start = token.start
    isHeaderUnread = false
    advance()
    let name = declaredName("the \(keyword.rawValue)")
    _ = joinsLine(.leftParenthesis)
    let opener = token.start
    let hasParentheses = kind == .leftParenthesis
    movedInputs = []
    let parameters =
      hasParentheses ? list(.rightParenthesis, "a parameter") { $0.parameter() }.compactMap { $0 } : []
    let parentheses = hasParentheses ? span(from: opener) : nil
    let inputs = movedInputs.map(StatementSyntax.input)
    // A mistake among the parameters leaves the body readable.
    recoverToBody()
    let body = inputs + body(of: "`\(keyword.rawValue) \(name.text)`") { $0.statement() }
    return NetSyntax(
      kind: keyword, name: name, parameters: parameters, parentheses: parentheses, body: body, span: span(from: start))
  }

  /// A parameter; nil for what is an input.
  private mutating func parameter() -> ParameterSyntax? {
    let start = token.start
    if startsWithTensorType {
      let type = type()
      inputAmongParameters(name("an input"), type, from: start)
      return nil
    }
    let name = name("a parameter")
    if givesTensorType {
      inputAmongParameters(name, nil, from: start)
      return nil
    }
    var parameterKind = ParameterSyntax.Kind.value
    if accept(.colon) { parameterKind = self.parameterKind() }
    let defaultValue = accept(.assign) || reportsDefaultWithoutAssign() ? expression() : nil
    return ParameterSyntax(name: name, kind: parameterKind, defaultValue: defaultValue, span: span(from: start))
  }

  private mutating func parameterKind() -> ParameterSyntax.Kind {
    if accept(.layer) { return .layer }
    if kind == .name, file.span(token.start, token.end).text == "tensor" {
      advance()
      return .tensor
    }
    return wrongParameterKind()
  }

  private mutating func train() -> TrainSyntax {
    let start = token.start
    isHeaderUnread = false
    advance()
    let net = trainedNet()
    let arguments = kind == .leftParenthesis ? arguments() : nil
    recoverToBody()
    let body = body(of: "`train \(net.text)`") { $0.trainStatement() }
    return TrainSyntax(net: net, arguments: arguments, body: body, span: span(from: start))
  }

  private mutating func trainStatement() -> TrainStatementSyntax? {
    isInTrain = true
    if passesLineOfNet() { return nil }
    let declared = declarationWithoutWord(.target)
    let word = declared ?? misspeltStatement([.target]) ?? foreignTarget() ?? kind
    if word == .name {
      return binding(in: .train).map { .setting($0) }
    }
    guard word == .target else {
      unknownStatement(in: .train)
      return nil
    }
    let start = token.start
    if declared == nil { advance() }
    let name = declaredName("the target")
    expectColon(after: "the name of the target")
    let type = wholeType()
    return .target(TargetSyntax(name: name, type: type, span: span(from: start)))
  }

  /// `"{" { NL } { statement NL { NL } } "}"`; `owner` names the declaration in messages.
  private mutating func body<Statement>(
    of owner: String, _ statement: (inout Parser) -> Statement?
  ) -> [Statement] {
    let header = statementStart
    let opener = kind == .leftBrace ? here : before
    hasNoBraces = false
    guard startsBody(of: owner) else {
      recoverToDeclaration()
      return []
    }
    var statements: [Statement] = []
    var firstLine: SourceSpan?
    bodyStart = index
    holdsFlow = false
    while true {
      skipNewline()
      if kind == .rightBrace, strays.contains(index) {
        strayBrace()
        continue
      }
      if kind == .rightBrace {
        let isPutIn = token.isPutIn
        advance()
        if isPutIn { bodyNotClosed(owner, opener) }
        return statements
      }
      if kind != .end, let inner = innerDeclaration(of: header) {
        hoisted.append(inner)
        continue
      }
      if kind == .end || kind.beginsDeclaration && beginsLine(index) {
        bodyNotClosed(owner, opener)
        resume()
        return statements
      }
      if takesPlaceOfCloser(owner, header, after: firstLine) { return statements }
      firstLine = firstLine ?? here
      beginStatement()
      if let node = statement(&self) { statements.append(node) }
      endLine()
    }
  }

  /// Ends a statement: the line must end here, or the body.
  mutating func endLine() {
    switch kind {
    case .newline, .end: return
    case .rightBrace where index > statementStart && !strays.contains(index): return
    case .recovering: break
    default:
      if mendsEndOfLine() { return endLine() }
      lineNotEnded()
    }
    recover()
    // A `}` that closes nothing must not stop the parser.
    if index == statementStart { advance() }
  }
}
