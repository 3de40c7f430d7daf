import Graphs

/// `glorot_normal`: Keras's `GlorotNormal`.
package enum GlorotNormalInitializer: InitializerWord {
  package static let name = "glorot_normal"
  package static let documentation =
    "Normal with the variance 2 / (fan_in + fan_out), without the tails beyond two deviations."
  package static let schema: [ArgumentSchema] = []

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    varianceScaling(scale: 1, mode: "fan_avg", distribution: "truncated_normal", fans)
  }
}
