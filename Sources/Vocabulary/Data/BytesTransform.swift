import Datasets

/// `bytes(length, …)`
package enum BytesTransform: DataTransformWord {
  package static let name = "bytes"
  package static let documentation =
    "Text to the bytes of its UTF-8, each number above those of `pad`, `unknown` and `end`."
  package static let schema: [ArgumentSchema] = [lengthArgument] + tokenArguments()

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    .tokens(try tokenTransform(.bytes, arguments))
  }
}
