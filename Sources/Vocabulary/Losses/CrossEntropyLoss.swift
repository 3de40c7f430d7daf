import Graphs
import Ops

/// `cross_entropy(logits, target, …)`: `torch.nn.functional.cross_entropy`, the mean over the targets that are not ignored.
package enum CrossEntropyLoss: LossWord {
  package static let name = "cross_entropy"
  package static let documentation =
    "How surprised the net is by the right class, from logits over the last axis and a target of type `index(classes)`."
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
    let (logits, target) = try comparedPair(arguments, "logits", "target")
    try checkClasses(logits, target)
    if try resolvedAxis(arguments.whole("axis", else: -1), "axis", logits.type) != logits.type.rank - 1 {
      throw .unsupported("classes along another axis than the last")
    }
    if arguments.list("weight") != nil { throw .unsupported("class weights in `cross_entropy`") }
    let op = SoftmaxCrossEntropy(smoothing: arguments.number("smoothing", else: 0), ignore: arguments.whole("ignore"))
    return try site.addScalar(op, [logits.value, target.value])
  }
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
