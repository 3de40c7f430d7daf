import Graphs
import KernelContract
import Ops
import Source
import Syntax
import Vocabulary

/// Comparisons of tensors: flags, for masks.
extension Elaborator {
  /// A tensor against a number.
  func compared(
    _ node: BinarySyntax, _ relation: Relation, _ meaning: TensorMeaning, _ number: Double, _ frame: Frame
  ) -> Meaning {
    guard let tensor = meaning.tensor else { return .tensor(TensorMeaning(chain: meaning.chain)) }
    if tensor.type.element == .bool {
      error(
        .inputKind, "`\(relation.rawValue)` compares numbers, `\(shortened(node.span))` has \(tensor.type)",
        at: node.span, frame)
      return .tensor(.unknown)
    }
    warnOfOneAnswer(node, relation, tensor.type, number, frame)
    return flags(node, Compare(relation, number: number), [tensor.value], tensor.type.shape, meaning, frame)
  }

  /// Warns of a comparison of indices with a number that is written out, and that is the same for every index that there is.
  private func warnOfOneAnswer(
    _ node: BinarySyntax, _ relation: Relation, _ type: ExampleType, _ number: Double, _ frame: Frame
  ) {
    guard case .index(let count) = type.element, node.left.isLiteral || node.right.isLiteral else { return }
    let last = Double(count - 1)
    let answer: Bool? =
      switch relation {
      case .equal, .notEqual: (0...last).contains(number) && number == number.rounded() ? nil : relation == .notEqual
      case .less: last < number ? true : number <= 0 ? false : nil
      case .lessOrEqual: last <= number ? true : number < 0 ? false : nil
      case .greater: number < 0 ? true : last <= number ? false : nil
      case .greaterOrEqual: number <= 0 ? true : last < number ? false : nil
      }
    guard let answer else { return }
    let tensor = node.left.isLiteral ? node.right : node.left
    warn(
      .oneAnswer,
      "`\(shortened(node.span))` is \(answer) everywhere: the numbers of `\(shortened(tensor.span))` are 0 to \(count - 1)",
      at: node.span, frame, help: [.init("compare with a number from 0 to \(count - 1)")])
  }

  /// What is written instead of a tensor as a condition. `whole` is the expression that the condition stands in.
  func tensorConditionHelp(_ tensor: TensorMeaning, _ whole: ExpressionSyntax?) -> [Diagnostic.Help] {
    switch whole {
    case .conditional?:
      return [
        .init(
          "number by number, `relu`, `clip` and `abs` choose; a gate mixes two: `g * a + (1 - g) * b`, with `g = … -> sigmoid`"
        )
      ]
    case .unary(let node)? where node.operator == .not:
      guard case .binary(let inner) = node.operand, let opposite = inner.operator.relation?.opposite else {
        return [.init("a mask is one comparison, such as `text != 0`")]
      }
      let text = "\(inner.left.span.text) \(opposite.rawValue) \(inner.right.span.text)"
      return [.init("write `\(text)`", edits: [.init(node.span, text)])]
    case .binary(let node)?:
      let isIndex = if case .index? = tensor.chain?.type.element { true } else { false }
      if isIndex { return [.init("a mask is one comparison: `text > 1`, for example, leaves out both 0 and 1")] }
      let sign = node.operator == .and ? "*" : "+"
      guard let left = node.left.positivePart, let right = node.right.positivePart else {
        return [
          .init(
            "a mask is one comparison: `a > 0 \(node.operator.rawValue) b > 0` is `(a -> relu) \(sign) (b -> relu) > 0`"
          )
        ]
      }
      return [.init("a mask is one comparison: `\(left) \(sign) \(right) > 0`")]
    default: return [.init("the sizes and parameters of a net are known then, the numbers in its tensors are not")]
    }
  }

  /// Two tensors, element by element.
  func compared(
    _ node: BinarySyntax, _ relation: Relation, _ a: TensorMeaning, _ left: Tensor, _ b: TensorMeaning, _ right: Tensor,
    _ frame: Frame
  ) -> Meaning {
    guard left.type.element != .bool, left.type.element.isIndex == right.type.element.isIndex,
      right.type.element != .bool
    else {
      error(
        .inputKind,
        "`\(relation.rawValue)` compares numbers of one kind: \(shortened(node.left.span)) is \(left.type), "
          + "\(shortened(node.right.span)) is \(right.type)", at: node.span, frame)
      return .tensor(.unknown)
    }
    let isIndex = left.type.element.isIndex
    guard
      let shape = isIndex && left.type.shape != right.type.shape ? nil : broadcast(left.type.shape, right.type.shape)
    else {
      unequalShapes(node, a, b, left.type, right.type, frame)
      return .tensor(TensorMeaning(tensor: site.placeholder(ExampleType(.bool, left.type.shape)), chain: a.chain))
    }
    site.begin(path: frame.prefix, line: node.operatorSpan.line)
    guard let operands = try? [spread(left, shape), spread(right, shape)] else {
      if !site.isFull { tooLarge(ExampleType(.float32, shape), at: node.span, frame) }
      return .tensor(.unknown)
    }
    return flags(node, Compare(relation), operands, shape, a, frame)
  }

  private func flags(
    _ node: BinarySyntax, _ op: Compare, _ operands: [Value], _ shape: [Int], _ origin: TensorMeaning, _ frame: Frame
  ) -> Meaning {
    site.begin(path: frame.prefix, line: node.operatorSpan.line)
    guard let value = try? site.addScalar(op, operands) else { return .tensor(.unknown) }
    return .tensor(TensorMeaning(tensor: Tensor(value: value, type: ExampleType(.bool, shape)), chain: origin.chain))
  }
}

extension BinarySyntax.Operator {
  /// The comparison that it is.
  var relation: Relation? { Relation(rawValue: rawValue) }
}

extension ExpressionSyntax {
  /// Whether it is a number that is written out.
  fileprivate var isLiteral: Bool {
    switch self {
    case .number: true
    case .unary(let node): node.operator == .minus && node.operand.isLiteral
    default: false
    }
  }

  /// What is above zero exactly where `a > b` or `a < b` holds, and zero elsewhere; nil for everything else.
  fileprivate var positivePart: String? {
    guard case .binary(let node) = self, node.operator == .greater || node.operator == .less else { return nil }
    let (more, less) = node.operator == .greater ? (node.left, node.right) : (node.right, node.left)
    if case .number(let zero) = less, zero.doubleValue == 0 { return "(\(more.span.text) -> relu)" }
    return "(\(more.span.text) - \(less.subtrahend) -> relu)"
  }

  private var subtrahend: String {
    switch self {
    case .binary, .unary, .conditional: "(\(span.text))"
    default: span.text
    }
  }
}

extension Relation {
  /// The relation that holds where this one does not.
  var opposite: Relation {
    switch self {
    case .equal: .notEqual
    case .notEqual: .equal
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    }
  }

  /// The relation that holds between b and a where this one holds between a and b.
  var turned: Relation {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}

extension ExampleType.Element {
  fileprivate var isIndex: Bool { if case .index = self { true } else { false } }
}
