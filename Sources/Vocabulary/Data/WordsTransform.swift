import Datasets

/// `words(vocab, length, unknown=1, pad=0)`
package enum WordsTransform: DataTransformWord {
  package static let name = "words"
  package static let documentation =
    "Text to the numbers of its words, the most frequent ones of the training part; rare ones are `unknown`."
  package static let schema: [ArgumentSchema] =
    [ArgumentSchema("vocab", .whole(atLeast: 3)), lengthArgument] + tokenArguments()

  package static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform {
    .tokens(try tokenTransform(.words(vocabulary: arguments.whole("vocab", else: 3)), arguments))
  }
}

/// What every transform of text takes.
let lengthArgument = ArgumentSchema.optional("length", .whole(atLeast: 1), "that of the tensor")
func tokenArguments(unknown: String = "1") -> [ArgumentSchema] {
  [
    .optional("unknown", .whole(atLeast: 0), unknown, namedOnly: true),
    .optional("pad", .whole(atLeast: 0), "0", namedOnly: true),
    .optional("end", .either([.whole(atLeast: 0), .none]), "none", namedOnly: true),
    .optional("tensors", .list(.name, count: 1...Int.max), "every one made of text", namedOnly: true),
  ]
}

func tokenTransform(_ pieces: TokenTransform.Pieces, _ arguments: Arguments) throws(WordError) -> TokenTransform {
  let unknown = if case .sentencePiece = pieces { TokenTransform.modelsOwn } else { 1 }
  let transform = TokenTransform(
    pieces, length: arguments.whole("length"), unknown: arguments.whole("unknown", else: unknown),
    pad: arguments.whole("pad", else: 0), end: arguments.whole("end"), tensors: arguments.texts("tensors"))
  for (name, number) in [("unknown", transform.unknown), ("end", transform.end ?? -1)] where number == transform.pad {
    throw .argument(name, reason: "must differ from `pad`, both are \(number)")
  }
  return transform
}
