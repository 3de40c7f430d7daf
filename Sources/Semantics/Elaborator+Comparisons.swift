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
    return flags(node, Compare(relation, number: number), [tensor.value], tensor.type.shape, meaning, frame)
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

extension Relation {
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
