import Source

extension Parser {
  /// `"if" expr "then" expr "else" expr`, or operators over operands.
  mutating func expression() -> ExpressionSyntax {
    kind == .if ? conditional() : operators(from: Precedence.or)
  }

  private mutating func conditional() -> ExpressionSyntax {
    let start = token.start
    let node = nested { parser -> ExpressionSyntax in
      parser.advance()
      let condition = parser.expression()
      parser.expectWord(.then)
      let then = parser.expression()
      parser.expectWord(.else)
      let otherwise = parser.expression()
      return .conditional(
        ConditionalSyntax(condition: condition, then: then, otherwise: otherwise, span: parser.span(from: start)))
    }
    return node ?? .missing(before.after)
  }

  /// How tightly operators bind, loosest first.
  private enum Precedence {
    static let or = 1
    static let and = 2
    static let not = 3
    static let comparison = 4
    static let sum = 5
    static let product = 6
    static let minus = 7
    static let power = 8
  }

  private var binaryOperator: (BinarySyntax.Operator, Int)? {
    switch kind {
    case .or: (.or, Precedence.or)
    case .and: (.and, Precedence.and)
    case .equal: (.equal, Precedence.comparison)
    case .notEqual: (.notEqual, Precedence.comparison)
    case .less: (.less, Precedence.comparison)
    case .lessOrEqual: (.lessOrEqual, Precedence.comparison)
    case .greater: (.greater, Precedence.comparison)
    case .greaterOrEqual: (.greaterOrEqual, Precedence.comparison)
    case .plus: (.add, Precedence.sum)
    case .minus: (.subtract, Precedence.sum)
    case .star: (.multiply, Precedence.product)
    case .slash: (.divide, Precedence.product)
    case .doubleSlash: (.floorDivide, Precedence.product)
    case .percent: (.remainder, Precedence.product)
    case .doubleStar: (.power, Precedence.power)
    // `a = b` in place of `a == b`; elsewhere the rule that wanted the `=` has taken it, or a `]` is missing.
    case .assign where brackets.last.map({ tokens[$0].kind }) != .leftBracket && !assignsNextLine:
      (.equal, Precedence.comparison)
    default: nil
    }
  }

  /// Operands joined by operators that bind at least as tightly as `minimum`. `**` groups from the right, and binds tighter
  /// than a minus before it; comparisons are not chained.
  private mutating func operators(from minimum: Int) -> ExpressionSyntax {
    let start = token.start
    var left = prefixed(from: minimum)
    _ = joinsLine(
      .plus, .minus, .star, .slash, .percent, .doubleStar, .equal, .notEqual, .less, .greater, .lessOrEqual,
      .greaterOrEqual)
    while !isTornArrow, let (binary, precedence) = binaryOperator, precedence >= minimum {
      if kind == .assign { assignInExpression() }
      let operatorSpan = here
      guard countOperator() else { return left }
      advance()
      if binary == .remainder, let number = percent(left) {
        left = number
        continue
      }
      let right =
        binary == .power
        ? nested { $0.operators(from: Precedence.power) } ?? .missing(before.after)
        : operators(from: precedence + 1)
      left = .binary(
        BinarySyntax(
          operator: binary, operatorSpan: operatorSpan, left: left, right: right, span: span(from: start)))
      if precedence == Precedence.comparison, binaryOperator?.1 == Precedence.comparison {
        chainedComparison(from: start)
      }
    }
    return left
  }

  private mutating func prefixed(from minimum: Int) -> ExpressionSyntax {
    let start = token.start
    let prefix: UnarySyntax.Operator
    switch kind {
    case .minus: prefix = .minus
    case .not where minimum <= Precedence.not: prefix = .not
    default: return operand()
    }
    advance()
    let operand = nested { $0.operators(from: prefix == .minus ? Precedence.power : Precedence.not) }
    return .unary(
      UnarySyntax(operator: prefix, operand: operand ?? .missing(before.after), span: span(from: start)))
  }

  private mutating func operand() -> ExpressionSyntax {
    let span = here
    switch kind {
    case .integer, .decimal:
      return number()
    case .string:
      return string("a string").map { .string($0) } ?? .missing(span)
    case .true, .false:
      let value = kind == .true
      advance()
      return .boolean(BooleanSyntax(value: value, span: span))
    case .none:
      advance()
      return .none(span)
    case .name where token.startsLine && startsNextStatement():
      valueExpected()
      return .missing(before.after)
    case .name:
      if let replaced = foreignValue() { return replaced }
      if isCallTwice { nameTwice() }
      let first = index
      let call = call()
      if kind == .leftParenthesis, call.arguments != nil { return calledTwice(call, from: first) }
      checkAfterOperand(call)
      return .call(call)
    case .leftParenthesis:
      return parenthesized()
    case .leftBracket:
      var elements = list(.rightBracket, "an element") { $0.flow() }
      if isRecovering {
        elements.append(FlowSyntax(head: .missing(before.after), stages: [], span: before.after))
      }
      return .list(ListSyntax(elements: elements, span: self.span(from: span.start)))
    case .newline where valueIsOnNextLine():
      return kind == .if || kind == .not ? nested { $0.expression() } ?? .missing(before.after) : operand()
    case .plus where signsValue:
      signs()
      return operand()
    default:
      valueExpected()
      return .missing(before.after)
    }
  }

  /// `"(" flow { "," flow } ")"`
  private mutating func parenthesized() -> ExpressionSyntax {
    let start = token.start
    let elements = nested { parser -> [FlowSyntax] in
      parser.open()
      if parser.kind == .rightParenthesis { parser.emptyParentheses() }
      var elements: [FlowSyntax] = []
      repeat {
        if parser.nextIs(.assign) { parser.checkArgumentWithoutCall() }
        elements.append(parser.flow(isAlone: elements.isEmpty))
        if parser.kind == .comma, parser.next.kind == .rightParenthesis { parser.trailingComma() }
      } while parser.accept(.comma) || parser.mendsMissingComma(.rightParenthesis, "an element")
      parser.expectClosing(.rightParenthesis, orComma: true)
      return elements
    }
    guard let elements else { return .missing(before.after) }
    let span = span(from: start)
    return elements.count == 1
      ? .parenthesized(ParenthesizedSyntax(flow: elements[0], span: span))
      : .tuple(TupleSyntax(elements: elements, span: span))
  }
}
