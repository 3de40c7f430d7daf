/// `every(1 epoch, keep=2, best=val.accuracy)`: when training saves its state.
package enum CheckpointRule: Word {
  package static let name = "every"
  package static let documentation = "Saves the state of training at intervals, and the best weights by a metric."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("span", .span),
    .optional("keep", .whole(atLeast: 1), "all", namedOnly: true),
    .optional("best", .name, "none", namedOnly: true),
  ]

  package static func settings(_ arguments: Arguments) -> CheckpointSettings {
    CheckpointSettings(
      every: arguments.span("span") ?? .epochs(1), keep: arguments.whole("keep"), best: arguments.text("best"))
  }
}

/// `every(1 epoch, keep=2, best=val.accuracy)`, evaluated.
package struct CheckpointSettings: Hashable, Sendable {
  package var every: TrainingSpan
  /// How many of the latest are kept; nil for all.
  package var keep: Int?
  /// `val.accuracy`; nil when only the latest are kept.
  package var best: String?

  package init(every: TrainingSpan, keep: Int? = nil, best: String? = nil) {
    self.every = every
    self.keep = keep
    self.best = best
  }

  /// Whether the state is saved between the steps of an epoch, after step number `step` of the run. Whole numbers of epochs are not
  /// counted in steps: they end with the validation.
  package func isDue(afterStep step: Int, stepsPerEpoch: Int) -> Bool {
    if case .epochs(let count) = every, count.rounded() == count { return false }
    let length = max(1, every.steps(stepsPerEpoch: stepsPerEpoch))
    return (Double(step) / length).rounded(.down) > (Double(step - 1) / length).rounded(.down)
  }

  /// Whether the state is saved when `epochs` epochs are over.
  package func isDue(afterEpochs epochs: Int) -> Bool {
    guard case .epochs(let count) = every, count.rounded() == count, count >= 1 else { return false }
    return Double(epochs).truncatingRemainder(dividingBy: count) == 0
  }
}
