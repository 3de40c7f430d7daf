import Graphs

/// `constant(value)`: `torch.nn.init.constant_`.
package enum ConstantInitializer: InitializerWord {
  package static let name = "constant"
  package static let documentation = "Every weight starts as `value`."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("value", .number)
  ]

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    .constant(arguments.number("value", else: 0))
  }
}
