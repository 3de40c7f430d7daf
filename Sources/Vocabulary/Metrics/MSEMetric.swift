import Graphs
import Ops

/// `mse` as a metric: the mean of the squared differences.
package enum MSEMetric: MetricWord {
  package static let name = "mse"
  package static let documentation = "The mean of the squared differences."
  package static let higherIsBetter = false
  package static let schema = metricTensors

  package static func expand(
    _ prediction: Tensor, _ target: Tensor, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> MetricParts {
    .mean(try meanDifference(prediction, target, Square(), site))
  }
}
