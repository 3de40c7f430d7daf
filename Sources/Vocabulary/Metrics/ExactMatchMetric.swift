import Graphs
import Ops

/// `exact_match`: the share of sequences that are right in every place, ignored ones left out.
package enum ExactMatchMetric: MetricWord {
  package static let name = "exact_match"
  package static let documentation =
    "The share of sequences whose largest logit is at the target in every place that the loss does not ignore."
  package static let higherIsBetter = true
  package static let schema = metricTensors + [ignoredTarget]

  package static func expand(
    _ prediction: Tensor, _ target: Tensor, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> MetricParts {
    try checkClasses(prediction, target)
    let count = CorrectCount(ignore: arguments.whole("ignore"), wholeExamples: true)
    let right = try site.addScalar(count, [prediction.value, target.value])
    return .mean(try site.addScalar(Scale(factor: 1 / Double(max(1, site.batch))), [right]))
  }
}
