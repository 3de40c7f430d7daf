import Graphs

/// `zeros`
package enum ZerosInitializer: InitializerWord {
  package static let name = "zeros"
  package static let documentation = "Every weight starts as 0."
  package static let schema: [ArgumentSchema] = []

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    .constant(0)
  }
}
