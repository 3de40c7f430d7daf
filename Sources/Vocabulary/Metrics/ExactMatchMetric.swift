import Graphs
import Ops

/// `exact_match`: the share of sequences that are right in every place, ignored ones left out. A sequence of nothing but ignored places
/// is no case.
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
    let ignore = arguments.whole("ignore")
    let right = try site.addScalar(
      CorrectCount(ignore: ignore, wholeExamples: true), [prediction.value, target.value])
    let count = try site.addScalar(TargetCount(ignore: ignore, wholeExamples: true), [target.value])
    return MetricParts(.ratio, [right, count])
  }
}
