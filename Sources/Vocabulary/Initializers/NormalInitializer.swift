import Graphs

/// `normal(std)`
package enum NormalInitializer: InitializerWord {
  package static let name = "normal"
  package static let documentation =
    "Normal with mean 0 and deviation `std`, in which `fan_in` and `fan_out` may stand."
  package static let schema: [ArgumentSchema] = [ArgumentSchema("std", .number(.notNegative))]

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    .normal(standardDeviation: arguments.number("std", else: 1))
  }
}
