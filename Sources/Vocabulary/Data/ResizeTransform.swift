import Datasets

/// `resize(short)` and `resize(height, width)`
package enum ResizeTransform: DataTransformWord {
  package static let name = "resize"
  package static let documentation =
    "Enlarges or shrinks each picture to this height and width; with one number, until its short side has it."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("height", .whole(atLeast: 1)), .optional("width", .whole(atLeast: 1), "the short side is meant"),
  ]

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    let height = arguments.whole("height", else: 1)
    return .picture(arguments.whole("width").map { .resize(height: height, width: $0) } ?? .resizeShort(height))
  }
}
