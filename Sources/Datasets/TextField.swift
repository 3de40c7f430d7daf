/// A text of one example as its file has it.
package struct TextField: Hashable, Sendable {
  package var text: String
  /// The line of the file, from 1, or the place of its window.
  package var position: DataError.Position

  package init(_ text: String, at position: DataError.Position) {
    self.text = text
    self.position = position
  }
}

extension [UInt8] {
  /// Where the first byte stands that cannot be UTF-8; nil in a text that is.
  var firstInvalidByte: Int? {
    if String(validating: self, as: UTF8.self) != nil { return nil }
    var position = 0
    while position < count {
      let length = sequenceLength(at: position)
      if length == 0 { return position }
      position += length
    }
    return position
  }

  /// The bytes of the character at `position`; 0 where there is none.
  func sequenceLength(at position: Int) -> Int {
    for length in 1...4 where position + length <= count {
      if String(validating: self[position..<(position + length)], as: UTF8.self) != nil { return length }
    }
    return 0
  }
}
