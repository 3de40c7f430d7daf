import Graphs

/// `random_uniform(a=0.05)`: Keras's `RandomUniform`.
package enum RandomUniformInitializer: InitializerWord {
  package static let name = "random_uniform"
  package static let documentation = "Uniform between -a and a."
  package static let schema: [ArgumentSchema] = [
    .optional("a", .number(.notNegative), "0.05")
  ]

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    .uniform(bound: arguments.number("a", else: 0.05))
  }
}
