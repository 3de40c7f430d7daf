import Graphs
import Ops

/// `top_k(k)`: the share of examples whose target is among the `k` largest logits.
package enum TopKMetric: MetricWord {
  package static let name = "top_k"
  package static let documentation = "The share of examples whose target is among the `k` largest logits."
  package static let higherIsBetter = true
  package static let schema = [ArgumentSchema("k", .whole(atLeast: 1))] + metricTensors

  package static func title(_ arguments: Arguments) -> String { "top_\(arguments.whole("k", else: 1))" }

  package static func expand(
    _ prediction: Tensor, _ target: Tensor, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> MetricParts {
    let k = arguments.whole("k", else: 1)
    try checkClasses(prediction, target)
    if let classes = prediction.type.shape.last, k > classes {
      throw .argument("k", reason: "must be at most the \(classes) classes")
    }
    return try correctShare(prediction, target, largest: k, site)
  }
}
