import Datasets
import Graphs
import KernelContract
import Vocabulary

/// A `train` section, evaluated and checked against its net.
package struct TrainSettings: Sendable {
  package var data: DataDescription
  /// nil when the section has none, or `none`.
  package var validation: DataDescription?
  /// The metrics in the order in which they were written; an evaluation graph has an output of each name.
  package var metrics: [MetricSettings]
  package var optimizer: OptimizerSettings
  package var schedule: LearningRateSchedule
  package var batch: BatchSize
  /// How many batches make up one update.
  package var accumulate: Int
  package var length: TrainingLength
  package var seed: UInt64
  /// The weights to start from, where they are not the initial ones.
  package var weights: PretrainedSettings?
  /// Paths of labels whose parameters are not trained.
  package var freeze: [String]
  /// Whether rows of tables that cannot be read are left out, as `on_bad = skip` says.
  package var skipsBadRows: Bool
  /// Whether algorithms are ruled out that are faster but sum less exactly.
  package var isPrecise: Bool
  package var checkpoint: CheckpointSettings?
  package var earlyStop: EarlyStopSettings?
  /// Where the data is set: "`data` is set in digits.net:12", for messages about it.
  package var dataPlace: String
  /// Every setting with its value as text, defaults included, in the order of the language's list: the resolved section.
  package var resolved: [(name: String, value: String)]

  /// Whether a greater value of `val.accuracy` or another measure is better; that of a loss is not.
  package func higherIsBetter(_ measure: String) -> Bool {
    metrics.contains { "val.\($0.name)" == measure && $0.higherIsBetter }
  }
}

/// A metric, how it comes about, and how to compare two of its values.
package struct MetricSettings: Hashable, Sendable {
  /// The name under which it is printed and written, and the name of the graph's output: `accuracy`, `top_5`.
  package var name: String
  package var higherIsBetter: Bool
  package var summary: MetricSummary

  /// Whether the metric has one value; a table has none.
  package var isNumber: Bool { summary != .confusion }
}

/// `batch = 32` or `batch = all`.
package enum BatchSize: Hashable, Sendable {
  case count(Int)
  /// The whole set in one batch.
  case all
}

/// `epochs = 20` or `steps = 2500`.
package enum TrainingLength: Hashable, Sendable {
  case epochs(Int)
  case steps(Int)
}
