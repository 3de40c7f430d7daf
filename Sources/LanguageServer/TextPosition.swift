import Source

/// A place as editors count it: the line from 0, and the UTF-16 units before it on the line.
struct TextPosition: Hashable {
  var line: Int
  var character: Int

  init(line: Int, character: Int) {
    self.line = line
    self.character = character
  }

  init?(_ json: JSON?) {
    guard let line = json?["line"]?.integer, let character = json?["character"]?.integer, line >= 0, character >= 0
    else { return nil }
    self.init(line: line, character: character)
  }

  var json: JSON { .object([("line", .integer(line)), ("character", .integer(character))]) }
}

extension SourceFile {
  /// The place of the byte at `offset`.
  func position(at offset: Int) -> TextPosition {
    let line = line(at: offset) - 1
    let units = bytes[lineStarts[line]..<min(max(offset, lineStarts[line]), bytes.count)]
      .reduce(0) { $0 + Self.utf16Units($1) }
    return TextPosition(line: line, character: units)
  }

  /// The byte at a place; one past the end of a line is its end, one past the last line the end of the text.
  func offset(at position: TextPosition) -> Int {
    guard position.line < lineStarts.count else { return bytes.count }
    var offset = lineStarts[position.line]
    let lineEnd = position.line + 1 < lineStarts.count ? lineStarts[position.line + 1] : bytes.count
    var units = 0
    while offset < lineEnd, bytes[offset] != 0x0A, bytes[offset] != 0x0D {
      let width = Self.utf16Units(bytes[offset])
      // Never inside a scalar.
      if width > 0, units + width > position.character { break }
      units += width
      offset += 1
    }
    return offset
  }

  /// What the byte adds in UTF-16: continuing bytes nothing, the first of four two.
  private static func utf16Units(_ byte: UInt8) -> Int { byte & 0xC0 == 0x80 ? 0 : byte >= 0xF0 ? 2 : 1 }
}

extension SourceSpan {
  /// The span as `Range` of the protocol.
  var range: JSON {
    .object([("start", file.position(at: start).json), ("end", file.position(at: end).json)])
  }

  /// Whether a cursor at `offset` touches the span.
  func touches(_ offset: Int) -> Bool { start <= offset && offset <= end }
}
