/// How a text becomes a row of whole numbers.
package struct TokenTransform: Hashable, Sendable {
  /// What the pieces of a text are.
  package enum Pieces: Hashable, Sendable {
    /// Words in lower case, the most frequent of the training part, at most so many numbers in all.
    case words(vocabulary: Int)
    /// Characters (Unicode scalars), the most frequent of the training part.
    case characters
    /// The bytes of UTF-8, each its own number above those that are taken.
    case bytes
    /// The pieces of a unigram model in SentencePiece's format.
    case sentencePiece(path: String)
  }

  package var pieces: Pieces
  /// How many numbers a row has; nil: as many as the tensor that takes it.
  package var length: Int?
  /// What stands for a piece that is not in the vocabulary; `modelsOwn` until a SentencePiece model has said it.
  package var unknown: Int
  /// What stands behind the end of a text.
  package var pad: Int
  /// What closes a text; nil when nothing does.
  package var end: Int?
  /// The tensors that it applies to; empty means every one that is made of text.
  package var tensors: [String]

  /// The number that a model's own piece for what is unknown has.
  package static let modelsOwn = -1

  package init(
    _ pieces: Pieces, length: Int? = nil, unknown: Int = 1, pad: Int = 0, end: Int? = nil, tensors: [String] = []
  ) {
    self.pieces = pieces
    self.length = length
    self.unknown = unknown
    self.pad = pad
    self.end = end
    self.tensors = tensors
  }

  /// What a text without any has none of, for messages.
  package var nameOfPiece: String {
    switch pieces {
    case .words: "word"
    case .characters: "character"
    case .bytes: "byte"
    case .sentencePiece: "piece"
    }
  }

  /// The word of the language.
  package var word: String {
    switch pieces {
    case .words: "words"
    case .characters: "chars"
    case .bytes: "bytes"
    case .sentencePiece: "sentencepiece"
    }
  }
}
