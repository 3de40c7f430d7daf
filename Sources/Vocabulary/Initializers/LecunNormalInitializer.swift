import Graphs

/// `lecun_normal`: Keras's `LecunNormal`.
package enum LecunNormalInitializer: InitializerWord {
  package static let name = "lecun_normal"
  package static let documentation = "Normal with the variance 1 / fan_in, without the tails beyond two deviations."
  package static let schema: [ArgumentSchema] = []

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    varianceScaling(scale: 1, mode: "fan_in", distribution: "truncated_normal", fans)
  }
}
