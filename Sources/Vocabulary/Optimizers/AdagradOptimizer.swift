import KernelContract

/// `adagrad(lr, …)`: `torch.optim.Adagrad`.
package enum AdagradOptimizer: OptimizerWord {
  package static let name = "adagrad"
  package static let documentation = "Steps divided by the root of the sum of all squared gradients so far."
  package static let schema: [ArgumentSchema] =
    [
      ArgumentSchema("lr", .number(.notNegative)),
      .optional("lr_decay", .number(.notNegative), "0", namedOnly: true),
      .optional("eps", .number(.positive), "1e-10", namedOnly: true),
      .optional("weight_decay", .number(.notNegative), "0", namedOnly: true),
    ] + commonOptimizerArguments

  package static func settings(_ arguments: Arguments) throws(WordError) -> OptimizerSettings {
    optimizerSettings(
      arguments,
      .adagrad(
        epsilon: arguments.number("eps", else: 1e-10), rateDecay: arguments.number("lr_decay", else: 0),
        weightDecay: arguments.number("weight_decay", else: 0)))
  }
}
