import Graphs
import Ops

/// `accuracy`: the share of right answers.
package enum AccuracyMetric: MetricWord {
  package static let name = "accuracy"
  package static let documentation =
    "The share of examples whose largest logit is at the target, or whose logit is positive exactly when the target is true."
  package static let higherIsBetter = true
  package static let schema = metricTensors

  package static func expand(
    _ prediction: Tensor, _ target: Tensor, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> MetricParts {
    guard target.type.element == .bool else {
      try checkClasses(prediction, target)
      return try correctShare(prediction, target, largest: 1, site)
    }
    guard prediction.type.shape == target.type.shape, prediction.type.element == .float32 else {
      throw .typesDiffer("prediction", prediction.type, "target", target.type)
    }
    return try share(of: BinaryCorrectCount(), prediction, target, site)
  }
}

/// The share of rows of scores [..., classes] that have the target among their `largest` greatest.
func correctShare(
  _ scores: Tensor, _ target: Tensor, largest: Int, _ site: LayerSite
) throws(WordError) -> MetricParts {
  try share(of: CorrectCount(largest: largest), scores, target, site)
}

/// A count of right answers, of which each number of the target is one.
private func share(
  of op: any Op, _ prediction: Tensor, _ target: Tensor, _ site: LayerSite
) throws(WordError) -> MetricParts {
  let count = try site.addScalar(op, [prediction.value, target.value])
  return MetricParts(.share(most: max(1, target.type.count)), [count])
}
