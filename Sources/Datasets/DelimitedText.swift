/// Rows of fields in a text: RFC 4180 for commas (quotes, doubled quotes, line breaks in quotes), plain fields for tabs. LF and CRLF end
/// a line; lines without any character are left out, and so is a byte order mark.
struct DelimitedText {
  /// A field: bytes of the text, without the quotes around it.
  struct Field: Hashable {
    var range: Range<Int>
    /// Whether quotes inside stand doubled.
    var hasDoubledQuotes = false
  }

  let path: String
  let text: [UInt8]
  private let delimiter: UInt8
  private let quotes: Bool
  private var position = 0
  private var line = 1

  /// Throws `badData` for what is not text.
  init(_ text: [UInt8], delimiter: TableDelimiter, path: String) throws(DataError) {
    guard !text.isEmpty else { throw DataError(.badData, path, "is empty") }
    if text.starts(with: [0x1F, 0x8B]) {
      throw DataError(.badData, path, "is compressed by gzip", help: "decompress it with gunzip")
    }
    if text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF]) {
      throw DataError(
        .badData, path, "is UTF-16 text, expected UTF-8", help: "convert it with iconv -f UTF-16 -t UTF-8")
    }
    if let zero = text.firstIndex(of: 0) {
      throw DataError(.badData, path, at: .byte(zero), "is not text: it has a zero byte")
    }
    self.path = path
    self.text = text
    self.delimiter = delimiter.byte
    quotes = delimiter == .csv
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Reads the next row into `fields`; its line, from 1, or nil at the end of the text. Throws `badData`.
  mutating func nextRow(_ fields: inout [Field]) throws(DataError) -> Int? {
    fields.removeAll(keepingCapacity: true)
    skipEmptyLines()
    guard position < text.count else { return nil }
    let start = line
    while true {
      fields.append(quotes && position < text.count && text[position] == 0x22 ? try quotedField() : plainField())
      guard position < text.count else { return start }
      let byte = text[position]
      if byte == delimiter {
        position += 1
        continue
      }
      endLine()
      return start
    }
  }

  private mutating func skipEmptyLines() {
    while position < text.count, isLineEnd(position) { endLine() }
  }

  private func isLineEnd(_ position: Int) -> Bool {
    text[position] == 0x0A || (text[position] == 0x0D && (position + 1 == text.count || text[position + 1] == 0x0A))
  }

  /// Goes past the LF or CRLF at `position`.
  private mutating func endLine() {
    if text[position] == 0x0D { position += 1 }
    if position < text.count { position += 1 }
    line += 1
  }

  private mutating func plainField() -> Field {
    let start = position
    while position < text.count, text[position] != delimiter, !isLineEnd(position) { position += 1 }
    return Field(range: start..<position)
  }

  private mutating func quotedField() throws(DataError) -> Field {
    let opening = line
    position += 1
    var field = Field(range: position..<position)
    while position < text.count {
      if text[position] == 0x22 {
        if position + 1 < text.count, text[position + 1] == 0x22 {
          field.hasDoubledQuotes = true
          position += 1
        } else {
          field.range = field.range.lowerBound..<position
          position += 1
          guard position == text.count || text[position] == delimiter || isLineEnd(position) else {
            throw DataError(.badData, path, at: .line(line), "text after the closing quote of a field")
          }
          return field
        }
      } else if text[position] == 0x0A {
        line += 1
      }
      position += 1
    }
    throw DataError(.badData, path, at: .line(opening), "a quote is opened and never closed")
  }

  /// The text of a field without blanks around it; what is not UTF-8 becomes U+FFFD.
  func string(_ field: Field) -> String {
    var bytes = text[field.range]
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
    guard field.hasDoubledQuotes else { return String(decoding: bytes, as: UTF8.self) }
    var result: [UInt8] = []
    var previousIsQuote = false
    for byte in bytes {
      if byte == 0x22, previousIsQuote {
        previousIsQuote = false
        continue
      }
      previousIsQuote = byte == 0x22
      result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
