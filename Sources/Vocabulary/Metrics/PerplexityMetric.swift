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
  ) throws(WordError) -> MetricParts {
    try checkClasses(prediction, target)
    let ignore = arguments.whole("ignore")
    let mean = try site.addScalar(SoftmaxCrossEntropy(ignore: ignore), [prediction.value, target.value])
    let count = try site.addScalar(TargetCount(ignore: ignore), [target.value])
    return MetricParts(.exponentialOfRatio, [try site.addScalar(Multiply(), [mean, count]), count])
  }
}
