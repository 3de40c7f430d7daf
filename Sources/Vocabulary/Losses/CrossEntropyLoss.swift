import Graphs
import Ops

/// `cross_entropy(logits, target, …)`: `torch.nn.functional.cross_entropy`, the mean over the targets that are not ignored.
package enum CrossEntropyLoss: LossWord {
  package static let name = "cross_entropy"
  package static let documentation =
    "How surprised the net is by the right class, from logits over an axis and a target of type `index(classes)`."
  package static let compared = (prediction: "logits", target: "target")
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("logits", .tensor),
    ArgumentSchema("target", .tensor),
    .optional("axis", .whole(atLeast: Int.min), "-1", namedOnly: true),
    .optional("smoothing", .number(.probability), "0", namedOnly: true),
    .optional("ignore", .either([.whole(atLeast: 0), .none]), "none", namedOnly: true),
    .optional("weight", .either([.list(.number(.notNegative)), .none]), "none", namedOnly: true),
  ]

  package static func expand(_ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Value {
    let (given, target) = try comparedPair(arguments, "logits", "target")
    let logits = try classesLast(given, axis: arguments.whole("axis", else: -1), site)
    try checkClasses(logits, target)
    var op = SoftmaxCrossEntropy(smoothing: arguments.number("smoothing", else: 0), ignore: arguments.whole("ignore"))
    guard let weights = arguments.numbers("weight") else {
      return try site.addScalar(op, [logits.value, target.value])
    }
    guard weights.count == logits.type.shape.last else {
      throw .argument("weight", reason: "must have a number for each of the \(logits.type.shape.last ?? 0) classes")
    }
    if weights.allSatisfy({ $0 == 0 }) { throw .argument("weight", reason: "must not be 0 for all classes") }
    let one: Value
    do { one = try site.builder.constant(1, type: TensorType(.float32, [])) } catch { throw WordError(error) }
    let list = try site.addScalar(ScaledList(values: weights), [one])
    op.hasWeights = true
    return try site.addScalar(op, [logits.value, target.value, list])
  }
}

/// Scores with the axis of the classes last.
package func classesLast(_ scores: Tensor, axis: Int, _ site: LayerSite) throws(WordError) -> Tensor {
  let rank = scores.type.rank
  let axis = try resolvedAxis(axis, "axis", scores.type)
  if axis == rank - 1 { return scores }
  guard scores.type.element == .float32 else { throw .element(expected: "f32", found: scores.type) }
  let order = (0...rank).filter { $0 != axis + 1 } + [axis + 1]
  return try site.add(Transpose(axes: order), [scores.value])
}

/// Scores [..., classes] and a target index(classes) [...] belong together.
func checkClasses(_ scores: Tensor, _ target: Tensor) throws(WordError) {
  guard case .index(let count) = target.type.element else { throw .element(expected: "index(…)", found: target.type) }
  guard scores.type.element == .float32 else { throw .element(expected: "f32", found: scores.type) }
  guard let classes = scores.type.shape.last else {
    throw .rank(expected: [target.type.rank + 1], found: scores.type, form: "[…, classes]")
  }
  guard scores.type.shape.dropLast() == target.type.shape[...] else {
    throw .typesDiffer(
      "logits", scores.type, "target", ExampleType(target.type.element, target.type.shape))
  }
  guard classes == count else { throw .classes(scores: classes, target: count) }
}
