import Graphs

/// `glorot_uniform`: Keras's `GlorotUniform`.
package enum GlorotUniformInitializer: InitializerWord {
  package static let name = "glorot_uniform"
  package static let documentation = "Uniform with the variance 2 / (fan_in + fan_out)."
  package static let schema: [ArgumentSchema] = []

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    varianceScaling(scale: 1, mode: "fan_avg", distribution: "uniform", fans)
  }
}
