import Graphs

/// `he_normal`: Keras's `HeNormal`.
package enum HeNormalInitializer: InitializerWord {
  package static let name = "he_normal"
  package static let documentation = "Normal with the variance 2 / fan_in, without the tails beyond two deviations."
  package static let schema: [ArgumentSchema] = []

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    varianceScaling(scale: 2, mode: "fan_in", distribution: "truncated_normal", fans)
  }
}
