import Graphs

/// Why a word cannot do what was asked: a fact, told in the user's words by the stage that knows them.
package enum WordError: Error, Hashable, Sendable {
  /// The input has none of these ranks; `form` shows what is wanted: `[channels, height, width]`.
  case rank(expected: [Int], found: ExampleType, form: String)
  case element(expected: String, found: ExampleType)
  /// The size stated by `argument` is not that of the input, whose `what` it states.
  case statedSize(argument: String, what: String, stated: Int, found: Int)
  /// A window of `window` positions over `extent` positions with `before` and `after` positions of padding.
  case window(axis: String, window: Int, extent: Int, padding: Int)
  /// An argument has a value that does not fit; `reason` follows the argument's name: "must divide the 64 channels".
  case argument(String, reason: String)
  /// The number of elements must stay.
  case count(expected: Int, found: Int)
  /// Two tensors that must have equal types.
  case typesDiffer(String, ExampleType, String, ExampleType)
  /// The number of classes of scores and of a target.
  case classes(scores: Int, target: Int)
  /// One statistic would be taken from one value.
  case singleValue
  /// `path` has a parameter of this name already.
  case duplicateParameter(String)
  /// A shared layer meets an input that would need other weights.
  case sharedShape(name: String, before: [Int], now: [Int])
  /// What the language has and this version does not: follows "is not supported yet: ".
  case unsupported(String)
  /// The word stands where it cannot; the whole sentence.
  case misplaced(String)
  case tooLarge(shape: [Int])
  /// The graph would have more nodes than it may.
  case tooManyNodes
  /// A fact of an op that the word did not foresee.
  case shape(ShapeError)
}

extension WordError {
  /// The fact that an op states, in the terms of words where there is one.
  package init(_ error: ShapeError) {
    switch error {
    case .tooLarge(let shape): self = .tooLarge(shape: shape)
    case .countMismatch(let expected, let found): self = .count(expected: expected, found: found)
    case .windowTooLarge(let axis, let window, let extent):
      self = .window(axis: axis == 2 ? "height" : "width", window: window, extent: extent, padding: 0)
    default: self = .shape(error)
    }
  }
}
