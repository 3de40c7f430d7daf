import Graphs
import Ops

/// `perplexity`: e to the power of the mean cross-entropy over places, ignored ones left out.
package enum PerplexityMetric: MetricWord {
  package static let name = "perplexity"
  package static let documentation =
    "Among how many equally likely answers the net is as undecided: e to the power of the mean cross-entropy."
  package static let higherIsBetter = false
  package static let schema = metricTensors + [ignoredTarget]

  package static func expand(
    _ prediction: Tensor, _ target: Tensor, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> Value {
    try checkClasses(prediction, target)
    let loss = try site.addScalar(
      SoftmaxCrossEntropy(ignore: arguments.whole("ignore")), [prediction.value, target.value])
    return try site.addScalar(Exponential(), [loss])
  }
}
