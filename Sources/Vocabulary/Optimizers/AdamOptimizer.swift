import KernelContract

/// `adam(lr, …)`: `torch.optim.Adam`; its weight decay is L2 regularisation.
package enum AdamOptimizer: OptimizerWord {
  package static let name = "adam"
  package static let documentation =
    "Steps scaled by running means of the gradient and its square; weight decay is part of the gradient."
  package static let schema: [ArgumentSchema] =
    [
      ArgumentSchema("lr", .number(.notNegative)),
      .optional("betas", .list(.number(.probability), count: 2...2), "[0.9, 0.999]", namedOnly: true),
      .optional("eps", .number(.positive), "1e-8", namedOnly: true),
      .optional("weight_decay", .number(.notNegative), "0", namedOnly: true),
    ] + commonOptimizerArguments

  package static func settings(_ arguments: Arguments) throws(WordError) -> OptimizerSettings {
    let (beta1, beta2) = betas(arguments)
    return optimizerSettings(
      arguments,
      .adam(
        beta1: beta1, beta2: beta2, epsilon: arguments.number("eps", else: 1e-8),
        weightDecay: arguments.number("weight_decay", else: 0)))
  }
}
