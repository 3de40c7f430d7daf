import Datasets

/// `chars(length, …)`
package enum CharsTransform: DataTransformWord {
  package static let name = "chars"
  package static let documentation = "Text to the numbers of its characters, as they occur in the training part."
  package static let schema: [ArgumentSchema] = [lengthArgument] + tokenArguments()

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    .tokens(try tokenTransform(.characters, arguments))
  }
}
