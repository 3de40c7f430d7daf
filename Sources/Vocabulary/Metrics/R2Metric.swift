import Graphs
import Ops

/// `r2`: scikit-learn's `r2_score`, the mean over the numbers of a target.
package enum R2Metric: MetricWord {
  package static let name = "r2"
  package static let documentation =
    "The share of the targets' variance that the prediction explains: the coefficient of determination."
  package static let higherIsBetter = true
  package static let schema = metricTensors

  package static func expand(
    _ prediction: Tensor, _ target: Tensor, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> MetricParts {
    guard target.type.element == .float32 else { throw .element(expected: "f32", found: target.type) }
    return MetricParts(.determination, try flatPair(prediction, target, site))
  }
}
