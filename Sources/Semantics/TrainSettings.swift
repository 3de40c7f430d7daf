package import Datasets
package import KernelContract
package import Vocabulary

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
  /// A safetensors file to start from.
  package var weights: String?
  package var checkpoint: CheckpointSettings?
  package var earlyStop: EarlyStopSettings?
  /// Settings that were checked but that training does not follow yet, such as `checkpoint`: to be said, never silently ignored.
  package var notFollowed: [SettingNote]
  /// Every setting with its value as text, defaults included, in the order of the language's list: the resolved section.
  package var resolved: [(name: String, value: String)]
}

/// A metric and how to compare two of its values.
package struct MetricSettings: Hashable, Sendable {
  /// The name under which it is printed and written, and the name of the graph's output: `accuracy`, `top_5`.
  package var name: String
  package var higherIsBetter: Bool
}

/// An optimizer with its base learning rate.
package struct OptimizerSettings: Hashable, Sendable {
  /// The rule for weights. `update(forRank:)` gives the one for a particular parameter.
  package var update: OptimizerUpdate
  package var learningRate: Double
  /// Whether weight decay also applies to the parameters of norms and to biases.
  package var decaysNorms: Bool

  /// The rule for a parameter of this rank. Biases and the parameters of norms are those with less than two axes.
  package func update(forRank rank: Int) -> OptimizerUpdate {
    var update = update
    if !decaysNorms, rank < 2 { update.weightDecay = 0 }
    return update
  }
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

/// `every(1 epoch, keep=2, best=val.accuracy)`.
package struct CheckpointSettings: Hashable, Sendable {
  package var every: TrainingSpan
  package var keep: Int?
  /// `val.accuracy`; nil when only the latest are kept.
  package var best: String?
}

/// `patience(3 epochs, on=val.loss, restore=true)`.
package struct EarlyStopSettings: Hashable, Sendable {
  package var patience: TrainingSpan
  package var on: String
  package var restore: Bool
}

/// A setting with a sentence about it.
package struct SettingNote: Hashable, Sendable {
  package var name: String
  package var line: Int
  package var text: String
}
