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
    holdsFlow = kind == .output || kind == .name
    switch kind {
    case .input:
      advance()
      let name = declaredName("the input")
      expectColon(after: "the name of the input")
      let type = type()
      return .input(InputSyntax(name: name, type: type, span: span(from: start)))
    case .output:
      advance()
      let name = declaredName("the output")
      if colonInPlaceOfAssign() {
        let value = statementFlow()
        return .output(OutputSyntax(name: name, type: nil, value: value, span: span(from: start)))
      }
      let type = accept(.colon) ? type() : nil
      if type == nil, kind == .arrow, !name.isMissing { return .output(outputWithoutName(name, from: start)) }
      expect(.assign, after: type == nil ? "the name of the output" : "the type of the output")
      let value = statementFlow()
      return .output(OutputSyntax(name: name, type: type, value: value, span: span(from: start)))
    case .layer:
      advance()
      let name = declaredName("the layer")
      expectColon(after: "the name of the layer")
      guard kind == .name else {
        fail(.stageExpected, "a layer is expected after `:`, found \(found)")
        return nil
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
    default:
      unknownStatement(in: .net)
      return nil
    }
  }

  /// `NAME "=" flow`, at a name; nil when the line is something else.
  mutating func binding(in body: Body) -> BindingSyntax? {
    let start = token.start
    if !nextIs(.assign), !takesPlaceOfAssign(in: body) {
      valueGoesNowhere(in: body)
      return nil
    }
    let name = name("the value")
    advance()
    let value = statementFlow()
    return BindingSyntax(name: name, value: value, span: span(from: start))
  }

  /// `NAME [ "(" expr ")" ] [ "[" [ expr { "," expr } ] "]" ]`
  mutating func type() -> TypeSyntax {
    let start = token.start
    guard kind == .name else {
      typeExpected()
      let missing = NameSyntax(text: "", span: before.after)
      return TypeSyntax(name: missing, argument: nil, dimensions: nil, span: missing.span)
    }
    let name = name("a type")
    var argument: ExpressionSyntax?
    if kind == .leftParenthesis {
      open()
      argument = expression()
      if kind == .comma {
        dimensionsInParentheses(from: brackets.last ?? index)
      } else {
        expectClosing(.rightParenthesis)
      }
    }
    if kind == .leftBrace || kind == .integer || kind == .less, argument == nil, sizesWithoutBrackets(of: name) {
      let missing = NameSyntax(text: "", span: name.span)
      return TypeSyntax(name: missing, argument: nil, dimensions: nil, span: span(from: start))
    }
    var dimensions: [ExpressionSyntax]?
    if kind == .leftBracket {
      open()
      var elements: [ExpressionSyntax] = []
      batchAxis()
      if kind != .rightBracket {
        repeat { elements.append(expression()) } while accept(.comma)
      }
      expectClosing(.rightBracket, orComma: true)
      dimensions = elements
    }
    return TypeSyntax(name: name, argument: argument, dimensions: dimensions, span: span(from: start))
  }

  /// A name; `what` says in messages what it names. After a mistake a missing one.
  mutating func name(_ what: String) -> NameSyntax {
    guard kind == .name else { return missingName(what) }
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
