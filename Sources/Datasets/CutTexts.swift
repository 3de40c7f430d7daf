/// What was cut off the texts of a tensor because they have more numbers than it has places.
package struct CutTexts: Hashable, Sendable {
  /// The file, and in it the first text that was cut.
  package var path: String
  package var position: DataError.Position
  /// How many numbers that text makes.
  package var length: Int
  package var tensor: String
  package var places: Int
  /// How many texts were cut, and of how many.
  package var count: Int
  package var total: Int
  /// The word of the language that made the numbers.
  package var word: String

  /// One line: where the first one stands, how many there are, and how to have it so.
  package var message: String {
    let others = count == 1 ? "" : "; so it is with \(count) of \(total) texts"
    return DataError(
      .badData, path, at: position,
      "makes \(length) numbers, \(tensor) has \(places) places: the rest is cut off\(others)",
      help: "give \(tensor) more places, or write `\(word)(…, length=\(places))` to have longer texts cut"
    ).description
  }
}
