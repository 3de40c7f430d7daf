import Graphs
import Ops

/// A metric. The two tensors may be left out; a metric then reads what the loss reads.
package protocol MetricWord: Word {
  static var higherIsBetter: Bool { get }

  /// The name under which it is printed: `accuracy`, `top_5`.
  static func title(_ arguments: Arguments) -> String

  /// Adds to the graph of `site` what a batch says of the metric. Throws when it does not fit the tensors.
  static func expand(
    _ prediction: Tensor, _ target: Tensor, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> MetricParts
}

/// What a batch says of a metric, and what that means.
package struct MetricParts {
  package var summary: MetricSummary
  /// As many as the summary asks for.
  package var values: [Value]

  package init(_ summary: MetricSummary, _ values: [Value]) {
    self.summary = summary
    self.values = values
  }

  /// A scalar that is the mean over the examples of the batch.
  package static func mean(_ value: Value) -> MetricParts { MetricParts(.mean, [value]) }
}

extension MetricWord {
  package static func title(_ arguments: Arguments) -> String { name }
}

/// The tensors that a metric may be given.
let metricTensors: [ArgumentSchema] = [
  .optional("prediction", .tensor, "what the loss reads"), .optional("target", .tensor, "what the loss reads"),
]
