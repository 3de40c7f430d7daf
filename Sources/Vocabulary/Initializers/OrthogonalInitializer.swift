import Graphs

/// `orthogonal(gain=1)`: `torch.nn.init.orthogonal_`.
package enum OrthogonalInitializer: InitializerWord {
  package static let name = "orthogonal"
  package static let documentation =
    "Orthogonal rows, or columns where there are fewer, of length `gain`; all axes but the first count as one."
  package static let schema: [ArgumentSchema] = [
    .optional("gain", .number(.positive), "1")
  ]

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    .orthogonal(gain: arguments.number("gain", else: 1))
  }
}
