import Graphs
import Ops

/// `confusion`: scikit-learn's `confusion_matrix`, a table in the run folder.
package enum ConfusionMetric: MetricWord {
  package static let name = "confusion"
  package static let documentation =
    "A table of how often each class was predicted for each true one; written to the run folder."
  package static let higherIsBetter = true
  package static let schema = metricTensors

  /// More classes make a table that nobody reads.
  private static let limit = 1000

  package static func expand(
    _ prediction: Tensor, _ target: Tensor, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> MetricParts {
    if let classes = prediction.type.shape.last, target.type.element != .bool, classes > limit {
      throw .misplaced("`confusion` is for at most \(limit) classes, not for \(classes)")
    }
    return MetricParts(.confusion, [try classCounts(prediction, target, pairs: true, site)])
  }
}
