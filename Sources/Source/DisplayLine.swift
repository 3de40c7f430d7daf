/// A line of a file as it is shown: tabs as blanks, and of a very long line only a part.
struct DisplayLine {
  /// How many bytes a line may have to be shown whole.
  static let limit = 160
  /// How many bytes of a longer line are shown.
  static let part = 100
  /// How many cells apart tab stops are.
  static let tabWidth = 4

  /// What is shown.
  let text: String
  /// The offset in the file and the cell of every scalar shown, ascending; the end of the part last.
  private let cells: [(offset: Int, cell: Int)]

  /// Line `number` of `file`, from 1; of a long line the part around the byte at `focus`.
  init(_ number: Int, of file: SourceFile, focus: Int) {
    let line = file.lineRange(number)
    var range = line
    if line.count > Self.limit {
      let start = min(max(line.lowerBound, focus - Self.part / 3), line.upperBound)
      range = start..<min(line.upperBound, start + Self.part)
      // Starts at a scalar, not inside one.
      while !range.isEmpty, file.bytes[range.lowerBound] & 0xC0 == 0x80 {
        range = range.lowerBound + 1..<range.upperBound
      }
    }
    var text = range.lowerBound > line.lowerBound ? "…" : ""
    var cell = text.isEmpty ? 0 : 1
    var cells: [(offset: Int, cell: Int)] = []
    var previous: Unicode.Scalar?
    var offset = range.lowerBound
    while offset < range.upperBound {
      let (scalar, length) = Self.scalar(in: file.bytes, at: offset, before: line.upperBound)
      cells.append((offset, cell))
      if scalar == "\t" {
        let blanks = Self.tabWidth - cell % Self.tabWidth
        text += String(repeating: " ", count: blanks)
        cell += blanks
      } else if DisplayText.steersTerminal(scalar) {
        text += "\u{FFFD}"
        cell += 1
      } else {
        text.unicodeScalars.append(scalar)
        cell += DisplayText.width(of: scalar, after: previous)
      }
      previous = scalar
      offset += length
    }
    cells.append((offset, cell))
    self.text = offset < line.upperBound ? text + "…" : text
    self.cells = cells
  }

  /// The cells that the bytes of `span` take on this line, or nil when none of them is shown. An empty span takes one cell.
  func cells(of span: SourceSpan) -> Range<Int>? {
    guard let first = cells.first, let last = cells.last, span.end >= first.offset, span.start <= last.offset else {
      return nil
    }
    let start = cell(at: span.start)
    // A span that goes on below, or ends with the line break, ends here with the line.
    let end = span.end >= last.offset ? last.cell : cell(at: span.end)
    return start..<max(end, start + 1)
  }

  private func cell(at offset: Int) -> Int {
    (cells.last { $0.offset <= offset } ?? cells[0]).cell
  }

  /// The scalar at `offset` and its length in bytes; U+FFFD and 1 where there is no well-formed sequence.
  private static func scalar(
    in bytes: ContiguousArray<UInt8>, at offset: Int, before limit: Int
  ) -> (Unicode.Scalar, Int) {
    if bytes[offset] < 0x80 { return (Unicode.Scalar(bytes[offset]), 1) }
    let length = bytes[offset] >= 0xF0 ? 4 : bytes[offset] >= 0xE0 ? 3 : 2
    if offset + length <= limit, let text = String(validating: bytes[offset..<offset + length], as: UTF8.self),
      text.unicodeScalars.count == 1, let scalar = text.unicodeScalars.first
    {
      return (scalar, length)
    }
    return ("\u{FFFD}", 1)
  }
}
