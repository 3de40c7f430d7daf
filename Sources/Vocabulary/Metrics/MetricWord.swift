import Graphs
import Ops

/// A metric: one number for a batch, the mean over its examples, so that a weighted mean over batches is that over all examples.
/// The two tensors may be left out; a metric then reads what the loss reads.
package protocol MetricWord: Word {
  static var higherIsBetter: Bool { get }

  /// The name under which it is printed: `accuracy`, `top_5`.
  static func title(_ arguments: Arguments) -> String

  /// Adds the metric to the graph of `site`; the result is a scalar without a batch. Throws when it does not fit the tensors.
  static func expand(
    _ prediction: Tensor, _ target: Tensor, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> Value
}

extension MetricWord {
  package static func title(_ arguments: Arguments) -> String { name }
}

/// The tensors that a metric may be given.
let metricTensors: [ArgumentSchema] = [
  .optional("prediction", .tensor, "what the loss reads"), .optional("target", .tensor, "what the loss reads"),
]
