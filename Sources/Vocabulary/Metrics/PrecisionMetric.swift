import Graphs
import Ops

/// `precision`: scikit-learn's `precision_score`, macro-averaged; of a yes-or-no target that of `true`.
package enum PrecisionMetric: MetricWord {
  package static let name = "precision"
  package static let documentation =
    "Of those predicted to be of a class, the share that are; the mean over the classes unless `average` says otherwise."
  package static let higherIsBetter = true
  package static let schema = metricTensors + [classAverage]

  package static func expand(
    _ prediction: Tensor, _ target: Tensor, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> MetricParts {
    try classification(.precision, prediction, target, arguments, site)
  }
}
