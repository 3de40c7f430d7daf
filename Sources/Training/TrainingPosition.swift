/// How far a run has come. With the values of all variables it decides everything that follows: the order of examples, dropout and
/// augmentation depend on the seed and on these numbers alone.
package struct TrainingPosition: Hashable, Sendable {
  /// Updates since the beginning of the run.
  package var step = 0
  /// Epochs that are over, with their validation.
  package var epoch = 0
  /// Updates in the epoch at hand; all of them where only its validation is missing.
  package var stepInEpoch = 0
  /// The sum of the losses of those updates.
  package var lossSum = 0.0
  /// The loss of the last update.
  package var lastLoss: Float?

  /// The beginning.
  package init() {}
}

extension TrainingPosition {
  /// The position as names and texts that read back as the same numbers.
  var fields: [String: String] {
    var fields = [
      "step": String(step), "epoch": String(epoch), "step_in_epoch": String(stepInEpoch),
      "loss_sum": lossSum.description,
    ]
    if let lastLoss { fields["last_loss"] = lastLoss.description }
    return fields
  }

  /// Nil when a number is missing or makes no sense.
  init?(fields: [String: String]) {
    func whole(_ name: String) -> Int? { fields[name].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil } }
    guard let step = whole("step"), let epoch = whole("epoch"), let stepInEpoch = whole("step_in_epoch"),
      stepInEpoch <= step, let lossSum = fields["loss_sum"].flatMap({ Double($0) })
    else { return nil }
    self.step = step
    self.epoch = epoch
    self.stepInEpoch = stepInEpoch
    self.lossSum = lossSum
    if let text = fields["last_loss"] {
      guard let loss = Float(text) else { return nil }
      lastLoss = loss
    }
  }
}
