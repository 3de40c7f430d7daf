/// `every(1 epoch, keep=2, best=val.accuracy)`: when training saves its state.
package enum CheckpointRule: Word {
  package static let name = "every"
  package static let documentation = "Saves the state of training at intervals, and the best one by a metric."
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
  package var keep: Int?
  /// `val.accuracy`; nil when only the latest are kept.
  package var best: String?
}
