import Datasets

/// `scale(k)`
package enum ScaleTransform: DataTransformWord {
  package static let name = "scale"
  package static let documentation = "Every value times `k`."
  package static let schema: [ArgumentSchema] = [ArgumentSchema("k", .number), transformedTensors]

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    .scale(factor: arguments.number("k", else: 1), tensors: arguments.texts("tensors"))
  }
}
