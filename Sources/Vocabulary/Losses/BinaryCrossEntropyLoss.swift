import Graphs
import Ops

/// `binary_cross_entropy(logit, target)`: `torch.nn.functional.binary_cross_entropy_with_logits`.
package enum BinaryCrossEntropyLoss: LossWord {
  package static let name = "binary_cross_entropy"
  package static let documentation =
    "How surprised the net is by the right answer to a yes-or-no question, from a logit (not a probability)."
  package static let compared = (prediction: "logit", target: "target")
  package static let schema: [ArgumentSchema] = [ArgumentSchema("logit", .tensor), ArgumentSchema("target", .tensor)]

  package static func expand(_ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Value {
    let (logit, target) = try comparedPair(arguments, "logit", "target")
    guard logit.type.element == .float32 else { throw .element(expected: "f32", found: logit.type) }
    if case .index = target.type.element { throw .element(expected: "bool or f32", found: target.type) }
    guard logit.type.shape == target.type.shape else { throw .typesDiffer("logit", logit.type, "target", target.type) }
    let terms = try site.addScalar(BinaryCrossEntropyTerm(), [logit.value, target.value])
    return try site.addScalar(MeanAll(), [terms])
  }
}
