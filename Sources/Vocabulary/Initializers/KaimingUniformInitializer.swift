import Graphs

/// `kaiming_uniform(a=0, mode=fan_in)`: `torch.nn.init.kaiming_uniform_`.
package enum KaimingUniformInitializer: InitializerWord {
  package static let name = "kaiming_uniform"
  package static let documentation = "Uniform with the variance 2 / ((1 + a^2) fan), for layers before a ReLU."
  package static let schema: [ArgumentSchema] = [
    .optional("a", .number(.notNegative), "0"),
    .optional("mode", .choice(["fan_in", "fan_out"]), "fan_in", namedOnly: true),
  ]

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    .uniform(bound: 3.squareRoot() * kaimingDeviation(arguments, fans))
  }
}
