import Graphs

/// `he_uniform`: Keras's `HeUniform`.
package enum HeUniformInitializer: InitializerWord {
  package static let name = "he_uniform"
  package static let documentation = "Uniform with the variance 2 / fan_in."
  package static let schema: [ArgumentSchema] = []

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    varianceScaling(scale: 2, mode: "fan_in", distribution: "uniform", fans)
  }
}
