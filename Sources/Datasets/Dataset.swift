/// Examples in memory: a tensor for each input and target, and which of its rows belong to this part. Parts share their tensors.
package struct Dataset: Sendable {
  /// In the order in which the inputs and targets were declared.
  package let tensors: [DataTensor]
  /// The rows of the tensors that are this part's examples, ascending.
  package let rows: [Int32]
  /// Whether training may take the examples in a random order; `tensors(…, shuffle=false)` says no.
  package let mayShuffle: Bool
  /// The file or source that the examples come from, for people.
  package let origin: String
  /// What was done to the values, in order, with the statistics that were found.
  package let transforms: [FittedTransform]
  /// What made numbers of texts, in order, with the vocabularies of the training part.
  package let encoders: [TokenEncoder]

  /// Why rows of the source were left out, one of each; empty where nothing was.
  package let skipped: [DataError]

  /// What was cut off the source's texts, where the data does not say that it should be.
  package let cut: [CutTexts]

  /// One message for each tensor of texts of which some have no piece at all: those are read as `unknown`, so that a mask never hides all.
  package let wordless: [String]

  /// Tensors of the source that the net has no input and no target for.
  package let unread: [String]

  /// Examples.
  package var count: Int { rows.count }

  /// The position in `tensors` of the input or target `name`.
  package func position(of name: String) -> Int? { tensors.firstIndex { $0.declaration.name == name } }

  init(
    tensors: [DataTensor], rows: [Int32], mayShuffle: Bool = true, origin: String, transforms: [FittedTransform] = [],
    encoders: [TokenEncoder] = [], skipped: [DataError] = [], cut: [CutTexts] = [],
    wordless: [String] = [], unread: [String] = []
  ) {
    self.tensors = tensors
    self.rows = rows
    self.mayShuffle = mayShuffle
    self.origin = origin
    self.transforms = transforms
    self.encoders = encoders
    self.skipped = skipped
    self.cut = cut
    self.wordless = wordless
    self.unread = unread
  }
}
