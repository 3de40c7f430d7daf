import Graphs
import Ops

/// `auc`: scikit-learn's `roc_auc_score` of a yes-or-no target.
package enum AUCMetric: MetricWord {
  package static let name = "auc"
  package static let documentation =
    "How likely a true example has a greater logit than one that is not: the area under the receiver operating characteristic."
  package static let higherIsBetter = true
  package static let schema = metricTensors

  package static func expand(
    _ prediction: Tensor, _ target: Tensor, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> MetricParts {
    guard target.type.element == .bool else { throw .element(expected: "bool", found: target.type) }
    return MetricParts(.areaUnderCurve, try flatPair(prediction, target, site))
  }
}
