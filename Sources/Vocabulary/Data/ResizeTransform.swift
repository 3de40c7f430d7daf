import Datasets

/// `resize(short)` and `resize(height, width)`
package enum ResizeTransform: DataTransformWord {
  package static let name = "resize"
  package static let documentation = "Pictures with this short side, or of this height and width."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("height", .whole(atLeast: 1)), .optional("width", .whole(atLeast: 1), "the short side is meant"),
  ]

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    .unsupported(word: name)
  }
}
