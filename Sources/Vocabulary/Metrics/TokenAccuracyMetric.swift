import Graphs
import Ops

/// `token_accuracy`: the share of places, ignored ones left out, whose largest logit is at the target.
package enum TokenAccuracyMetric: MetricWord {
  package static let name = "token_accuracy"
  package static let documentation =
    "The share of places whose largest logit is at the target, without those that the loss ignores."
  package static let higherIsBetter = true
  package static let schema = metricTensors + [ignoredTarget]

  package static func expand(
    _ prediction: Tensor, _ target: Tensor, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> MetricParts {
    try checkClasses(prediction, target)
    let ignore = arguments.whole("ignore")
    let correct = try site.addScalar(CorrectCount(ignore: ignore), [prediction.value, target.value])
    let count = try site.addScalar(TargetCount(ignore: ignore), [target.value])
    return MetricParts(.ratio, [correct, count])
  }
}

/// The target that a metric of sequences leaves out.
let ignoredTarget = ArgumentSchema.optional(
  "ignore", .either([.whole(atLeast: 0), .none]), "what the loss ignores", namedOnly: true)
