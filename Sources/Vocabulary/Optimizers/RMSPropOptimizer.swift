import KernelContract

/// `rmsprop(lr, …)`: `torch.optim.RMSprop`, not centred.
package enum RMSPropOptimizer: OptimizerWord {
  package static let name = "rmsprop"
  package static let documentation = "Steps divided by the root of a running mean of squared gradients."
  package static let schema: [ArgumentSchema] =
    [
      ArgumentSchema("lr", .number(.notNegative)),
      .optional("alpha", .number(.probability), "0.99", namedOnly: true),
      .optional("eps", .number(.positive), "1e-8", namedOnly: true),
      .optional("momentum", .number(.probability), "0", namedOnly: true),
      .optional("weight_decay", .number(.notNegative), "0", namedOnly: true),
    ] + commonOptimizerArguments

  package static func settings(_ arguments: Arguments) throws(WordError) -> OptimizerSettings {
    optimizerSettings(
      arguments,
      .rmsProp(
        forgetting: arguments.number("alpha", else: 0.99), epsilon: arguments.number("eps", else: 1e-8),
        momentum: arguments.number("momentum", else: 0), weightDecay: arguments.number("weight_decay", else: 0)))
  }
}
