import Datasets

/// `min_max`
package enum MinMaxTransform: DataTransformWord {
  package static let name = "min_max"
  package static let documentation = "From 0 to 1 for each channel or column, with the extremes of the training part."
  package static let schema: [ArgumentSchema] = [transformedTensors]

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    .minMax(tensors: arguments.texts("tensors"))
  }
}
