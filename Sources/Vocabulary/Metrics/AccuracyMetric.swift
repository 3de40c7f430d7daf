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
  ) throws(WordError) -> Value {
    let count: Value
    if target.type.element == .bool {
      guard prediction.type.shape == target.type.shape, prediction.type.element == .float32 else {
        throw .typesDiffer("prediction", prediction.type, "target", target.type)
      }
      count = try site.addScalar(BinaryCorrectCount(), [prediction.value, target.value])
    } else {
      try checkClasses(prediction, target)
      count = try site.addScalar(CorrectCount(), [prediction.value, target.value])
    }
    return try site.addScalar(Scale(factor: 1 / Double(max(1, target.type.batched(site.batch).count))), [count])
  }
}
