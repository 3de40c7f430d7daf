import Graphs

/// `xavier_normal(gain=1)`: `torch.nn.init.xavier_normal_`.
package enum XavierNormalInitializer: InitializerWord {
  package static let name = "xavier_normal"
  package static let documentation = "Normal with the variance 2 gain^2 / (fan_in + fan_out)."
  package static let schema: [ArgumentSchema] = [.optional("gain", .number(.positive), "1")]

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    .normal(standardDeviation: xavierDeviation(arguments, fans))
  }
}
