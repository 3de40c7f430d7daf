/// `patience(3 epochs, on=val.loss, restore=true)`: when training stops before its end.
package enum EarlyStopRule: Word {
  package static let name = "patience"
  package static let documentation = "Stops when a metric has not improved for so long."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("span", .span),
    .optional("on", .name, "val.loss", namedOnly: true),
    .optional("restore", .flag, "false", namedOnly: true),
  ]

  package static func settings(_ arguments: Arguments) -> EarlyStopSettings {
    EarlyStopSettings(
      patience: arguments.span("span") ?? .epochs(1), on: arguments.text("on") ?? "val.loss",
      restore: arguments.flag("restore", else: false))
  }
}

/// `patience(3 epochs, on=val.loss, restore=true)`, evaluated.
package struct EarlyStopSettings: Hashable, Sendable {
  package var patience: TrainingSpan
  package var on: String
  /// Whether the weights of the best measure are kept in the end.
  package var restore: Bool

  package init(patience: TrainingSpan, on: String, restore: Bool) {
    self.patience = patience
    self.on = on
    self.restore = restore
  }
}
