import Graphs

/// `ones`
package enum OnesInitializer: InitializerWord {
  package static let name = "ones"
  package static let documentation = "Every weight starts as 1."
  package static let schema: [ArgumentSchema] = []

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    .constant(1)
  }
}
