import Datasets

/// `sentencepiece(file, length, …)`
package enum SentencepieceTransform: DataTransformWord {
  package static let name = "sentencepiece"
  package static let documentation =
    "Text to the pieces of a unigram model in SentencePiece's format, normalized as the model says."
  package static let schema: [ArgumentSchema] =
    [ArgumentSchema("file", .text), lengthArgument]
    + tokenArguments(unknown: "the model's own")

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    .tokens(try tokenTransform(.sentencePiece(path: arguments.text("file") ?? ""), arguments))
  }
}
