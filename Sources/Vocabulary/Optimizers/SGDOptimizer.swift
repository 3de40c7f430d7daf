import KernelContract

/// `sgd(lr, …)`: `torch.optim.SGD`.
package enum SGDOptimizer: OptimizerWord {
  package static let name = "sgd"
  package static let documentation = "Steps against the gradient, with momentum if asked."
  package static let schema: [ArgumentSchema] =
    [
      ArgumentSchema("lr", .number(.notNegative)),
      .optional("momentum", .number(.probability), "0", namedOnly: true),
      .optional("nesterov", .flag, "false", namedOnly: true),
      .optional("weight_decay", .number(.notNegative), "0", namedOnly: true),
    ] + commonOptimizerArguments

  package static func settings(_ arguments: Arguments) throws(WordError) -> OptimizerSettings {
    let momentum = arguments.number("momentum", else: 0)
    let nesterov = arguments.flag("nesterov", else: false)
    if nesterov, momentum == 0 { throw .argument("nesterov", reason: "needs a `momentum` above 0") }
    return optimizerSettings(
      arguments,
      .sgd(momentum: momentum, nesterov: nesterov, weightDecay: arguments.number("weight_decay", else: 0)))
  }
}
