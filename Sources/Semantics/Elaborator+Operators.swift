import Graphs
import Ops
import Source
import Syntax
import Vocabulary

extension Elaborator {
  func evaluate(_ node: BinarySyntax, _ frame: Frame) -> Meaning {
    switch node.operator {
    case .and, .or:
      guard let left = condition(node.left, frame, in: .binary(node)) else {
        resolve(node.right, frame)
        return .unknown
      }
      if left == (node.operator == .or) {
        resolve(node.right, frame)
        return .flag(left)
      }
      return condition(node.right, frame, in: .binary(node)).map(Meaning.flag) ?? .unknown
    default: break
    }
    let left = evaluate(node.left, frame)
    let right = evaluate(node.right, frame)
    switch (left, right) {
    case (.unknown, .tensor), (.tensor, .unknown): return .tensor(.unknown)
    case (.unknown, _), (_, .unknown): return .unknown
    case (.number(let a), .number(let b)): return evaluate(node, a, b, frame)
    case (.tensor(let a), .tensor(let b)): return combined(node, a, b, frame)
    case (.tensor(let a), .number(let b)): return combined(node, a, b.double, frame)
    case (.number(let a), .tensor(let b)): return combined(node, a.double, b, frame)
    case (.loss(let a), .loss(let b)): return combined(node, a, b, frame)
    case (.loss(let a), .number(let b)) where node.operator == .multiply:
      return scaled(a, by: b.double, node.span, frame)
    case (.number(let a), .loss(let b)) where node.operator == .multiply:
      return scaled(b, by: a.double, node.span, frame)
    case (.loss(let a), .number(let b)) where node.operator == .divide && b.double != 0:
      return scaled(a, by: 1 / b.double, node.span, frame)
    default: break
    }
    if node.operator == .equal || node.operator == .notEqual {
      var comparison = ListComparison { [self] in compute(at: node.span, frame) }
      switch comparison.compare(left, right) {
      case .equal: return .flag(node.operator == .equal)
      case .different: return .flag(node.operator == .notEqual)
      case .unknown: return .unknown
      case .incomparable: break
      }
    }
    blame(node.left, frame)
    blame(node.right, frame)
    error(
      .argumentKind,
      "`\(node.operator.rawValue)` does not work between \(left.description) and \(right.description)",
      at: node.operatorSpan, frame, help: kindsHelp(left, right))
    return .unknown
  }

  /// What is said of two lists that cannot be compared.
  private func kindsHelp(_ left: Meaning, _ right: Meaning) -> [Diagnostic.Help] {
    switch (left, right) {
    case (.list, .list): return [.init("their elements are of different kinds")]
    case (.text(let text), .number) where Double(text) != nil, (.number, .text(let text)) where Double(text) != nil:
      return [.init("numbers stand without quotes: `\(text)`")]
    default: return []
    }
  }

  private func evaluate(_ node: BinarySyntax, _ a: Number, _ b: Number, _ frame: Frame) -> Meaning {
    let operation: (Number, Number) throws(Number.Failure) -> Number
    switch node.operator {
    case .add: operation = Number.add
    case .subtract: operation = Number.subtract
    case .multiply: operation = Number.multiply
    case .divide: operation = Number.divide
    case .floorDivide: operation = Number.floorDivide
    case .remainder: operation = Number.remainder
    case .power: operation = Number.power
    case .equal: return .flag(Number.isEqual(a, b))
    case .notEqual: return .flag(!Number.isEqual(a, b))
    case .less: return .flag(Number.isLess(a, b))
    case .lessOrEqual: return .flag(!Number.isLess(b, a))
    case .greater: return .flag(Number.isLess(b, a))
    case .greaterOrEqual: return .flag(!Number.isLess(a, b))
    case .and, .or: return .unknown
    }
    return calculated(node.span, frame, of: .binary(node)) { () throws(Number.Failure) in try operation(a, b) }
  }

  /// `+ - * /` between tensors of equal shape, or where one has 1 in a dimension.
  private func combined(_ node: BinarySyntax, _ a: TensorMeaning, _ b: TensorMeaning, _ frame: Frame) -> Meaning {
    guard let left = a.tensor, let right = b.tensor else {
      return .tensor(TensorMeaning(chain: (a.tensor != nil ? a : b).chain))
    }
    if let relation = node.operator.relation { return compared(node, relation, a, left, b, right, frame) }
    guard let op = elementwise(node, frame) else { return .unknown }
    for (tensor, side) in [(left, node.left), (right, node.right)] where tensor.type.element != .float32 {
      error(
        .inputKind, "`\(node.operator.rawValue)` needs f32 tensors, `\(shortened(side.span))` is \(tensor.type)",
        at: side.span, frame)
      return .tensor(.unknown)
    }
    guard let shape = broadcast(left.type.shape, right.type.shape) else {
      unequalShapes(node, a, b, left.type, right.type, frame)
      // Which of the two was meant is not known.
      return .tensor(TensorMeaning(chain: a.chain))
    }
    site.begin(path: frame.prefix, line: node.operatorSpan.line)
    do throws(WordError) {
      let operands = [try spread(left, shape), try spread(right, shape)]
      let result = try site.add(op, operands)
      return .tensor(TensorMeaning(tensor: result, chain: a.chain))
    } catch {
      if !site.isFull { tooLarge(ExampleType(.float32, shape), at: node.span, frame) }
      return .tensor(.unknown)
    }
  }

  private func elementwise(_ node: BinarySyntax, _ frame: Frame) -> (any Op)? {
    switch node.operator {
    case .add: return Add()
    case .subtract: return Subtract()
    case .multiply: return Multiply()
    case .divide: return Divide()
    default:
      error(
        .argumentKind, "`\(node.operator.rawValue)` does not work on tensors", at: node.operatorSpan, frame,
        help: [tensorOperatorHelp(node)])
      return nil
    }
  }

  /// The common shape, or nil; a size of 1 is repeated.
  func broadcast(_ a: [Int], _ b: [Int]) -> [Int]? {
    guard a.count == b.count else { return nil }
    var shape: [Int] = []
    for (x, y) in zip(a, b) {
      guard x == y || x == 1 || y == 1 else { return nil }
      shape.append(max(x, y))
    }
    return shape
  }

  func spread(_ tensor: Tensor, _ shape: [Int]) throws(WordError) -> Value {
    if tensor.type.shape == shape { return tensor.value }
    return try site.add(BroadcastTo(shape: [site.batch] + shape), [tensor.value]).value
  }

  /// A tensor and a number.
  private func combined(_ node: BinarySyntax, _ a: TensorMeaning, _ b: Double, _ frame: Frame) -> Meaning {
    if let relation = node.operator.relation { return compared(node, relation, a, b, frame) }
    switch node.operator {
    case .add: return mapped(a, [Offset(amount: b)], node, frame)
    case .subtract: return mapped(a, [Offset(amount: -b)], node, frame)
    case .multiply: return mapped(a, [Scale(factor: b)], node, frame)
    case .divide:
      if b == 0 {
        error(.arithmetic, "`\(shortened(node.span))` divides by zero", at: node.span, frame)
        return .tensor(a)
      }
      return mapped(a, [Scale(factor: 1 / b)], node, frame)
    default:
      _ = elementwise(node, frame)
      return .unknown
    }
  }

  private func combined(_ node: BinarySyntax, _ a: Double, _ b: TensorMeaning, _ frame: Frame) -> Meaning {
    if let relation = node.operator.relation { return compared(node, relation.turned, b, a, frame) }
    switch node.operator {
    case .add: return mapped(b, [Offset(amount: a)], node, frame)
    case .subtract: return mapped(b, [Negate(), Offset(amount: a)], node, frame)
    case .multiply: return mapped(b, [Scale(factor: a)], node, frame)
    case .divide: return mapped(b, [Reciprocal(), Scale(factor: a)], node, frame)
    default:
      _ = elementwise(node, frame)
      return .unknown
    }
  }

  func negated(_ tensor: TensorMeaning, _ span: SourceSpan, _ frame: Frame) -> Meaning {
    mapped(tensor, [Negate()], "-", span, span, frame)
  }

  private func mapped(_ tensor: TensorMeaning, _ ops: [any Op], _ node: BinarySyntax, _ frame: Frame) -> Meaning {
    mapped(tensor, ops, node.operator.rawValue, node.span, node.operatorSpan, frame)
  }

  private func mapped(
    _ meaning: TensorMeaning, _ ops: [any Op], _ symbol: String, _ span: SourceSpan, _ place: SourceSpan, _ frame: Frame
  ) -> Meaning {
    guard var tensor = meaning.tensor else { return .tensor(meaning) }
    if tensor.type.element != .float32 {
      error(.inputKind, "`\(symbol)` needs an f32 tensor, got \(tensor.type)", at: span, frame)
      return .tensor(.unknown)
    }
    site.begin(path: frame.prefix, line: place.line)
    for op in ops {
      guard let result = try? site.add(op, [tensor.value]) else { return .tensor(.unknown) }
      tensor = result
    }
    return .tensor(TensorMeaning(tensor: tensor, chain: meaning.chain))
  }

  /// Sums and differences of losses.
  private func combined(_ node: BinarySyntax, _ a: Value, _ b: Value, _ frame: Frame) -> Meaning {
    let op: (any Op)? =
      switch node.operator {
      case .add: Add()
      case .subtract: Subtract()
      default: nil
      }
    guard let op, let result = try? site.addScalar(op, [a, b]) else {
      error(
        .notALoss, "`\(node.operator.rawValue)` does not work between losses", at: node.operatorSpan, frame,
        help: [.init("losses can be added, and multiplied by numbers")])
      return .unknown
    }
    return .loss(result)
  }

  func scaled(_ loss: Value, by factor: Double, _ span: SourceSpan, _ frame: Frame) -> Meaning {
    (try? site.addScalar(Scale(factor: factor), [loss])).map(Meaning.loss) ?? .unknown
  }
}
