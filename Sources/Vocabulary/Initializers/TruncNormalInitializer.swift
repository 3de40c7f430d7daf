import Graphs

/// `trunc_normal(std=1, bound=2)`: `torch.nn.init.trunc_normal_` with a = -bound and b = bound.
package enum TruncNormalInitializer: InitializerWord {
  package static let name = "trunc_normal"
  package static let documentation = "Normal with mean 0 and deviation `std`, without what is beyond -bound and bound."
  package static let schema: [ArgumentSchema] = [
    .optional("std", .number(.positive), "1"),
    .optional("bound", .number(.positive), "2"),
  ]

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    .truncatedNormal(standardDeviation: arguments.number("std", else: 1), bound: arguments.number("bound", else: 2))
  }
}
