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
  /// The bound of every number of a gradient, as `torch.nn.utils.clip_grad_value_`; nil without one.
  package var clipValue: Double?
  /// The bound of the norm of all gradients together, taken after `clipValue`, as `torch.nn.utils.clip_grad_norm_`.
  package var clipNorm: Double?

  package init(
    update: OptimizerUpdate, learningRate: Double, decaysNorms: Bool = true, clipValue: Double? = nil,
    clipNorm: Double? = nil
  ) {
    self.update = update
    self.learningRate = learningRate
    self.decaysNorms = decaysNorms
    self.clipValue = clipValue
    self.clipNorm = clipNorm
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
func optimizerSettings(_ arguments: Arguments, _ update: OptimizerUpdate) -> OptimizerSettings {
  OptimizerSettings(
    update: update, learningRate: arguments.number("lr", else: 0),
    decaysNorms: arguments.flag("decay_norms", else: true), clipValue: arguments.number("clip_value"),
    clipNorm: arguments.number("clip_norm"))
}

/// The two decay rates of Adam.
func betas(_ arguments: Arguments) -> (Double, Double) {
  guard let betas = arguments.numbers("betas"), betas.count == 2 else { return (0.9, 0.999) }
  return (betas[0], betas[1])
}
