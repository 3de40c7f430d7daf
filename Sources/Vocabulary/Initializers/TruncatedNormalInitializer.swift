import Graphs

/// `truncated_normal(std=0.05)`: Keras's `TruncatedNormal`.
package enum TruncatedNormalInitializer: InitializerWord {
  package static let name = "truncated_normal"
  package static let documentation = "Normal with mean 0 and deviation `std`, without what is beyond two deviations."
  package static let schema: [ArgumentSchema] = [
    .optional("std", .number(.positive), "0.05")
  ]

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    let deviation = arguments.number("std", else: 0.05)
    return .truncatedNormal(standardDeviation: deviation, bound: 2 * deviation)
  }
}
