import Graphs
import Ops

/// `mae` as a metric: the mean of the absolute differences.
package enum MAEMetric: MetricWord {
  package static let name = "mae"
  package static let documentation = "The mean of the absolute differences."
  package static let higherIsBetter = false
  package static let schema = metricTensors

  package static func expand(
    _ prediction: Tensor, _ target: Tensor, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> MetricParts {
    .mean(try meanDifference(prediction, target, Absolute(), site))
  }
}
