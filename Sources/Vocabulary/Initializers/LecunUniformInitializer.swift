import Graphs

/// `lecun_uniform`: Keras's `LecunUniform`.
package enum LecunUniformInitializer: InitializerWord {
  package static let name = "lecun_uniform"
  package static let documentation = "Uniform with the variance 1 / fan_in."
  package static let schema: [ArgumentSchema] = []

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    varianceScaling(scale: 1, mode: "fan_in", distribution: "uniform", fans)
  }
}
