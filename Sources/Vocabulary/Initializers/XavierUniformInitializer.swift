import Graphs

/// `xavier_uniform(gain=1)`: `torch.nn.init.xavier_uniform_`.
package enum XavierUniformInitializer: InitializerWord {
  package static let name = "xavier_uniform"
  package static let documentation = "Uniform with the variance 2 gain^2 / (fan_in + fan_out)."
  package static let schema: [ArgumentSchema] = [.optional("gain", .number(.positive), "1")]

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    .uniform(bound: 3.squareRoot() * xavierDeviation(arguments, fans))
  }
}
