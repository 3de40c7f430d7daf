import KernelContract

/// `adamw(lr, …)`: `torch.optim.AdamW`; its weight decay is decoupled from the gradient.
package enum AdamWOptimizer: OptimizerWord {
  package static let name = "adamw"
  package static let documentation =
    "Steps scaled by running means of the gradient and its square; weight decay shrinks the weights directly."
  package static let schema: [ArgumentSchema] =
    [
      ArgumentSchema("lr", .number(.notNegative)),
      .optional("betas", .list(.number(.probability), count: 2...2), "[0.9, 0.999]", namedOnly: true),
      .optional("eps", .number(.positive), "1e-8", namedOnly: true),
      .optional("weight_decay", .number(.notNegative), "0.01", namedOnly: true),
    ] + commonOptimizerArguments

  package static func settings(_ arguments: Arguments) throws(WordError) -> OptimizerSettings {
    let (beta1, beta2) = betas(arguments)
    return optimizerSettings(
      arguments,
      .adamW(
        beta1: beta1, beta2: beta2, epsilon: arguments.number("eps", else: 1e-8),
        weightDecay: arguments.number("weight_decay", else: 0.01)))
  }
}
