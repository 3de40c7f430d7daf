import Graphs
import Ops

/// `recall`: scikit-learn's `recall_score`, macro-averaged; of a yes-or-no target that of `true`.
package enum RecallMetric: MetricWord {
  package static let name = "recall"
  package static let documentation =
    "Of those that are of a class, the share predicted to be; the mean over the classes unless `average` says otherwise."
  package static let higherIsBetter = true
  package static let schema = metricTensors + [classAverage]

  package static func expand(
    _ prediction: Tensor, _ target: Tensor, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> MetricParts {
    try classification(.recall, prediction, target, arguments, site)
  }
}
