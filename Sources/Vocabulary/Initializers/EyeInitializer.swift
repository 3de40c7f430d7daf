import Graphs

/// `eye`: `torch.nn.init.eye_`.
package enum EyeInitializer: InitializerWord {
  package static let name = "eye"
  package static let documentation = "Each output starts as the input of the same number."
  package static let schema: [ArgumentSchema] = []

  package static func initializer(_ arguments: Arguments, _ fans: WeightFans) -> Initializer {
    .identity(gain: 1)
  }
}
