import Source

/// What stands for a value: of compile time or a tensor.
///
/// Its depth is limited by the parser, so that a recursive walk needs no guard of its own.
package indirect enum ExpressionSyntax: SyntaxNode {
  case number(NumberSyntax)
  case string(StringSyntax)
  case boolean(BooleanSyntax)
  /// `none`.
  case none(SourceSpan)
  /// A name or a call: `classes`, `kernel(3)`, `tok.weight`.
  case call(CallSyntax)
  case unary(UnarySyntax)
  case binary(BinarySyntax)
  case conditional(ConditionalSyntax)
  case parenthesized(ParenthesizedSyntax)
  /// `(64, 2)`, of two elements or more.
  case tuple(TupleSyntax)
  case list(ListSyntax)
  /// Nothing could be read here; the mistake has been reported.
  case missing(SourceSpan)

  /// Whether it could not be read.
  package var isMissing: Bool { if case .missing = self { true } else { false } }

  package var span: SourceSpan {
    switch self {
    case .number(let node): node.span
    case .string(let node): node.span
    case .boolean(let node): node.span
    case .none(let span), .missing(let span): span
    case .call(let node): node.span
    case .unary(let node): node.span
    case .binary(let node): node.span
    case .conditional(let node): node.span
    case .parenthesized(let node): node.span
    case .tuple(let node): node.span
    case .list(let node): node.span
    }
  }
}

/// A number as written, with the unit that may follow it: `1_000`, `5e-4`, `30 epochs`.
package struct NumberSyntax: SyntaxNode {
  /// The value of the digits.
  package enum Value: Hashable, Sendable {
    /// Written without point and exponent; exact.
    case integer(Int)
    /// Written with a point or an exponent; the nearest `Double`, finite.
    case decimal(Double)
  }

  /// What a number of training counts.
  package enum Unit: String, Sendable {
    case epochs, steps
  }

  /// The digits as written, without the unit.
  package let text: String
  package let value: Value
  package let unit: Unit?
  /// The number with its unit.
  package let span: SourceSpan

  /// The value as a `Double`.
  package var doubleValue: Double {
    switch value {
    case .integer(let integer): Double(integer)
    case .decimal(let decimal): decimal
    }
  }
}

/// `true` or `false`.
package struct BooleanSyntax: SyntaxNode {
  package let value: Bool
  package let span: SourceSpan
}

/// `-x` or `not x`.
package struct UnarySyntax: SyntaxNode {
  /// The prefix operators, by their spelling.
  package enum Operator: String, Sendable {
    case minus = "-"
    case not
  }

  package let `operator`: Operator
  package let operand: ExpressionSyntax
  package let span: SourceSpan
}

/// `main + skip`.
package struct BinarySyntax: SyntaxNode {
  /// The operators between two operands, by their spelling.
  package enum Operator: String, Sendable {
    case or, and
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case remainder = "%"
    case power = "**"
  }

  package let `operator`: Operator
  package let operatorSpan: SourceSpan
  package let left: ExpressionSyntax
  package let right: ExpressionSyntax
  package let span: SourceSpan
}

/// `if stride == 1 then x else y`.
package struct ConditionalSyntax: SyntaxNode {
  package let condition: ExpressionSyntax
  package let then: ExpressionSyntax
  package let otherwise: ExpressionSyntax
  package let span: SourceSpan
}

/// `(x -> norm)`: a flow as an operand.
package struct ParenthesizedSyntax: SyntaxNode {
  package let flow: FlowSyntax
  /// The flow with its parentheses.
  package let span: SourceSpan
}

/// `(64, 2)`.
package struct TupleSyntax: SyntaxNode {
  /// Two elements or more.
  package let elements: [FlowSyntax]
  package let span: SourceSpan
}

/// `[64, 128, 256]`.
package struct ListSyntax: SyntaxNode {
  package let elements: [FlowSyntax]
  package let span: SourceSpan
}
