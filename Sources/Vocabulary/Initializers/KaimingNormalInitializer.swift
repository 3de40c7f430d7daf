import Graphs

/// `kaiming_normal(a=0, mode=fan_in)`: `torch.nn.init.kaiming_normal_`.
package enum KaimingNormalInitializer: InitializerWord {
  package static let name = "kaiming_normal"
  package static let documentation = "Normal with the variance 2 / ((1 + a^2) fan), for layers before a ReLU."
  package static let schema: [ArgumentSchema] = [
    .optional("a", .number(.notNegative), "0"),
    .optional("mode", .choice(["fan_in", "fan_out"]), "fan_in", namedOnly: true),
  ]

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    .normal(standardDeviation: kaimingDeviation(arguments, fans))
  }
}
