import Graphs

/// `identity(gain=1)`: Keras's `Identity`.
package enum IdentityInitializer: InitializerWord {
  package static let name = "identity"
  package static let documentation = "Each output starts as the input of the same number times `gain`."
  package static let schema: [ArgumentSchema] = [
    .optional("gain", .number, "1")
  ]

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    .identity(gain: arguments.number("gain", else: 1))
  }
}
