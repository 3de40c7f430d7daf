import KernelContract

/// A rule that turns gradients into new weights.
package protocol OptimizerWord: Word {
  static func settings(_ arguments: Arguments) throws(WordError) -> OptimizerSettings
}

/// An optimizer with its base learning rate.
package struct OptimizerSettings: Hashable, Sendable {
  /// The rule for weights; `update(forRank:)` gives the one for a particular parameter.
  package var update: OptimizerUpdate
  package var learningRate: Double
  /// Whether weight decay also applies to the parameters of norms and to biases.
  package var decaysNorms: Bool

  package init(update: OptimizerUpdate, learningRate: Double, decaysNorms: Bool = true) {
    self.update = update
    self.learningRate = learningRate
    self.decaysNorms = decaysNorms
  }

  /// The rule for a parameter of this rank. Biases and the parameters of norms are those with less than two axes.
  package func update(forRank rank: Int) -> OptimizerUpdate {
    var update = update
    if !decaysNorms, rank < 2 { update.weightDecay = 0 }
    return update
  }
}

/// What every optimizer takes besides its own arguments.
let commonOptimizerArguments: [ArgumentSchema] = [
  .optional("clip_norm", .number(.positive), "no limit", namedOnly: true),
  .optional("clip_value", .number(.positive), "no limit", namedOnly: true),
  .optional("decay_norms", .flag, "true", namedOnly: true),
]

/// The settings of an optimizer with `update`; reads the arguments that all have in common.
func optimizerSettings(_ arguments: Arguments, _ update: OptimizerUpdate) throws(WordError) -> OptimizerSettings {
  for name in ["clip_norm", "clip_value"] where arguments.has(name) { throw .unsupported("`\(name)`") }
  return OptimizerSettings(
    update: update, learningRate: arguments.number("lr", else: 0),
    decaysNorms: arguments.flag("decay_norms", else: true))
}

/// The two decay rates of Adam.
func betas(_ arguments: Arguments) -> (Double, Double) {
  guard let betas = arguments.numbers("betas"), betas.count == 2 else { return (0.9, 0.999) }
  return (betas[0], betas[1])
}
