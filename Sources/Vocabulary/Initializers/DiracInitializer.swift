import Graphs

/// `dirac`: `torch.nn.init.dirac_` with one group.
package enum DiracInitializer: InitializerWord {
  package static let name = "dirac"
  package static let documentation = "Each output of a convolution starts as the input channel of the same number."
  package static let schema: [ArgumentSchema] = []

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    .identity(gain: 1)
  }
}
