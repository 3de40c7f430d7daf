import Datasets

/// `standardize`
package enum StandardizeTransform: DataTransformWord {
  package static let name = "standardize"
  package static let documentation =
    "Mean 0 and deviation 1 for each channel or column, with the statistics of the training part."
  package static let schema: [ArgumentSchema] = [transformedTensors]

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    .standardize(tensors: arguments.texts("tensors"))
  }
}
