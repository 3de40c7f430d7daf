import Graphs

/// `random_normal(std=0.05)`: Keras's `RandomNormal`.
package enum RandomNormalInitializer: InitializerWord {
  package static let name = "random_normal"
  package static let documentation = "Normal with mean 0 and deviation `std`."
  package static let schema: [ArgumentSchema] = [
    .optional("std", .number(.notNegative), "0.05")
  ]

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    .normal(standardDeviation: arguments.number("std", else: 0.05))
  }
}
