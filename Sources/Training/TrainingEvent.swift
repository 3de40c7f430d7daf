import Datasets

/// What happens during training, as it happens.
package enum TrainingEvent: Sendable {
  case step(StepReport)
  /// Batch number `batch` of `batches` of the validation is done.
  case validating(batch: Int, of: Int)
  case epoch(EpochReport)
  /// A place between two steps at which the state of the run can be saved; the last one of a run that is asked to stop.
  case resumable(TrainingPosition, isLast: Bool)
}

/// One update of the weights.
package struct StepReport: Sendable {
  /// From 1, over the whole run.
  package var step: Int
  /// From 1.
  package var epoch: Int
  /// From 1, within the epoch.
  package var stepInEpoch: Int
  /// The mean over the batch, before the update.
  package var loss: Float
  package var learningRate: Double
}

/// One pass over the training examples, or the part of it that was done when the run ended.
package struct EpochReport: Sendable {
  /// From 1.
  package var epoch: Int
  /// Steps since the beginning of the run.
  package var step: Int
  /// Steps of the epoch.
  package var steps: Int
  /// The mean of the losses of the epoch's steps.
  package var loss: Double
  /// The rate of the epoch's last step.
  package var learningRate: Double
  /// Examples trained on in this epoch.
  package var examples: Int
  /// Seconds of training, and of validation.
  package var trainingSeconds: Double
  package var validationSeconds: Double
  /// Seconds of training in which the next batch was not there yet, or was put in place.
  package var waitingSeconds: Double
  package var validation: SetReport?

  package init(
    epoch: Int, step: Int, steps: Int, loss: Double, learningRate: Double, examples: Int = 0,
    trainingSeconds: Double = 0, validationSeconds: Double = 0, waitingSeconds: Double = 0, validation: SetReport? = nil
  ) {
    self.epoch = epoch
    self.step = step
    self.steps = steps
    self.loss = loss
    self.learningRate = learningRate
    self.examples = examples
    self.trainingSeconds = trainingSeconds
    self.validationSeconds = validationSeconds
    self.waitingSeconds = waitingSeconds
    self.validation = validation
  }
}

extension EpochReport {
  /// The value of `loss`, `val.loss` or `val.accuracy`; nil where it was not taken.
  package func measure(_ name: String) -> Double? {
    if name == "loss" { return loss }
    if name == "val.loss" { return validation?.loss }
    return validation?.metrics.first { "val.\($0.name)" == name }?.value
  }
}

/// Loss and metrics over a whole set.
package struct SetReport: Sendable {
  package var examples: Int
  package var loss: Double
  package var metrics: [(name: String, value: Double)]
  /// How often each class was predicted, a row for each true class, where that was asked for.
  package var confusion: [[Int]]?
  /// The metrics that have no value because no target of the set counts for them.
  package var uncounted: [String]

  package init(
    examples: Int, loss: Double, metrics: [(name: String, value: Double)], confusion: [[Int]]? = nil,
    uncounted: [String] = []
  ) {
    self.examples = examples
    self.loss = loss
    self.metrics = metrics
    self.confusion = confusion
    self.uncounted = uncounted
  }
}

/// How a run ended.
package enum TrainingOutcome: Sendable {
  /// All epochs or steps were done.
  case finished
  /// Somebody asked to stop; the step at hand was finished.
  case stopped
  /// The loss of the step after this position was not a number, or infinite.
  case diverged(at: TrainingPosition, loss: Float)
  /// An example could not be read any more, so `step` and what followed mean nothing.
  case unreadable(step: Int, DataError)
}
