import Source

extension Parser {
  /// The two kinds of bodies.
  enum Body {
    case net, train
  }

  /// A line of the body of a net or block; nil when it is none.
  mutating func statement() -> StatementSyntax? {
    let start = token.start
    followsFlow = holdsFlow
    isInTrain = false
    let declared = declarationWithoutWord(.input)
    let word = declared ?? misspeltStatement([.input, .output, .layer, .assert]) ?? kind
    holdsFlow = word == .output || word == .name
    switch word {
    case .input:
      if declared == nil { advance() }
      let name = declaredName("the input")
      expectColon(after: "the name of the input")
      let type = wholeType()
      return .input(InputSyntax(name: name, type: type, span: span(from: start)))
    case .output:
      if declared == nil { advance() }
      let name = declaredName("the output")
      if colonInPlaceOfAssign() {
        let value = statementFlow()
        return .output(OutputSyntax(name: name, type: nil, value: value, span: span(from: start)))
      }
      let hasColon = accept(.colon) || joinsLine(.colon) && accept(.colon) || lacksColonOfType()
      var type = hasColon ? type() : nil
      if type == nil, kind == .arrow, !name.isMissing, [.name, .leftBrace, .repeat, .for, .if].contains(next.kind) {
        return .output(outputWithoutName(name, from: start))
      }
      expect(.assign, after: type == nil ? "the name of the output" : "the type of the output")
      if isRecovering, let written = type { type = unreadType(at: written.span) }
      let value = statementFlow()
      return .output(OutputSyntax(name: name, type: type, value: value, span: span(from: start)))
    case .layer:
      advance()
      let name = declaredName("the layer")
      expectColon(after: "the name of the layer")
      joinsStage()
      guard kind == .name else {
        fail(.stageExpected, "a layer is expected after `:`, found \(found)", help: ["such as `linear(32)`"])
        let missing = CallSyntax(path: [NameSyntax(text: "", span: before.after)], arguments: nil, span: before.after)
        return .layer(LayerSyntax(name: name, call: missing, span: span(from: start)))
      }
      let call = call()
      return .layer(LayerSyntax(name: name, call: call, span: span(from: start)))
    case .assert:
      advance()
      let condition = expression()
      let message = accept(.comma) ? string("the message of `assert`") : nil
      return .assert(AssertSyntax(condition: condition, message: message, span: span(from: start)))
    case .name:
      return binding(in: .net).map { .binding($0) }
    case .assign where !next.startsLine && next.kind != .end:
      return namelessBinding()
    case _ where nextIs(.assign):
      return unreadBinding()
    default:
      unknownStatement(in: .net)
      return nil
    }
  }

  /// `NAME "=" flow`, at a name; nil when the line is something else.
  mutating func binding(in body: Body) -> BindingSyntax? {
    let start = token.start
    let isSplit = next.kind == .assign && next.startsLine && brackets.isEmpty
    if isNameTwice { nameTwice() }
    let lacksAssign = lacksAssign(in: body)
    if !isSplit, !lacksAssign, !nextIs(.assign), !takesPlaceOfAssign(in: body) {
      guard let flow = valueGoesNowhere(in: body) else { return nil }
      return BindingSyntax(name: NameSyntax(text: "", span: flow.span.before), value: flow, span: flow.span)
    }
    let name = name("the value")
    if lacksAssign {
      report(
        Diagnostic(
          .unknownStatement, "`=` is expected after `\(name.text)`, found \(found)", at: here,
          help: [insert("= ", "write `=`")]), isGuess: true)
    } else {
      _ = joinsLine(.assign)
      advance()
    }
    let value = statementFlow()
    return BindingSyntax(name: name, value: value, span: span(from: start))
  }

  /// The type that ends a statement; a missing one if the line could not be read up to its end.
  mutating func wholeType() -> TypeSyntax {
    let type = type()
    switch kind {
    case .newline, .end, .rightBrace: return type
    case .recovering: break
    case .rightBracket, .rightParenthesis: _ = mendsEndOfLine()
    default:
      if mendsEndOfLine() || kind.beginsStatement || kind == .name && nextIs(.assign) { return type }
      lineNotEnded()
    }
    return unreadType(at: type.span)
  }

  private func unreadType(at span: SourceSpan) -> TypeSyntax {
    TypeSyntax(name: NameSyntax(text: "", span: span.before), argument: nil, dimensions: nil, span: span)
  }

  /// `NAME [ "(" expr ")" ] [ "[" [ expr { "," expr } ] "]" ]`
  mutating func type() -> TypeSyntax {
    let start = token.start
    guard kind == .name || joinsType() else {
      if let type = typeWithoutElement() { return type }
      typeExpected()
      let missing = NameSyntax(text: "", span: before.after)
      return TypeSyntax(name: missing, argument: nil, dimensions: nil, span: missing.span)
    }
    let name = name("a type")
    var argument: ExpressionSyntax?
    var dimensions: [ExpressionSyntax]?
    _ = joinsLine(.leftParenthesis, .leftBracket)
    if kind == .leftParenthesis {
      open()
      argument = expression()
      if kind == .comma, name.text == "index", let meant = indexOfTwo(argument) {
        (argument, dimensions) = meant
      } else if kind == .comma {
        dimensions = dimensionsInParentheses(from: brackets.last ?? index, argument)
        argument = nil
      } else {
        expectClosing(.rightParenthesis)
      }
    } else if kind == .leftBrace || kind == .integer || kind == .less {
      dimensions = sizesWithoutBrackets(of: name)
    }
    if kind == .leftBracket || joinsLine(.leftBracket) { dimensions = self.dimensions(.rightBracket) }
    return TypeSyntax(name: name, argument: argument, dimensions: dimensions, span: span(from: start))
  }

  /// The sizes between brackets, of which the first is at hand.
  mutating func dimensions(_ closer: TokenKind) -> [ExpressionSyntax] {
    open()
    var elements: [ExpressionSyntax] = []
    var goesOn = true
    batchAxis()
    if kind != closer {
      repeat {
        elements.append(expression())
        let known = mistakes.diagnostics.count
        if kind == .comma, next.kind == closer { trailingComma() }
        if accept(.comma) || crossForComma() { continue }
        goesOn = mendsMissingComma(closer, "a size")
        // Which sizes were meant is not clear.
        if mistakes.diagnostics.count > known { elements.append(.missing(before.after)) }
      } while goesOn
    }
    expectClosing(closer, orComma: true)
    return elements
  }

  /// A name; `what` says in messages what it names. After a mistake a missing one.
  mutating func name(_ what: String) -> NameSyntax {
    guard kind == .name || joinsName() else { return missingName(what) }
    let name = nameHere
    advance()
    return name
  }

  /// A string; `what` says in messages what it is.
  mutating func string(_ what: String) -> StringSyntax? {
    guard kind == .string else {
      fail(.tokenExpected, "\(what) is expected in quotes, found \(found)")
      return nil
    }
    let node = StringSyntax(value: stringValue(here), span: here)
    advance()
    return node
  }

  /// The text of a literal: without its quotes, escapes resolved.
  private func stringValue(_ span: SourceSpan) -> String {
    var scalars = Substring(span.text).unicodeScalars
    let quotes = "\"'“”„‟«»‘’‚‛".unicodeScalars
    scalars.removeFirst()
    var value = String.UnicodeScalarView()
    while let scalar = scalars.popFirst() {
      if scalar == "\\", let escaped = scalars.popFirst() {
        switch escaped {
        case "n": value.append("\n")
        case "t": value.append("\t")
        case "\"", "\\": value.append(escaped)
        default: value.append(contentsOf: [scalar, escaped])
        }
      } else if !scalars.isEmpty || !quotes.contains(scalar) {
        value.append(scalar)
      }
    }
    return String(value)
  }
}
