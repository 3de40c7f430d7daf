import Graphs

/// `uniform(a)`
package enum UniformInitializer: InitializerWord {
  package static let name = "uniform"
  package static let documentation = "Uniform between -a and a, where `fan_in` and `fan_out` may stand in `a`."
  package static let schema: [ArgumentSchema] = [ArgumentSchema("a", .number(.notNegative))]

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    .uniform(bound: arguments.number("a", else: 1))
  }
}
