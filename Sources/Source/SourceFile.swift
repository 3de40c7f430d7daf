/// The text of one file, with the positions of its lines. Immutable; two files are the same only when they are the same object.
///
/// Any bytes are accepted. What is not UTF-8 is for the lexer to report; it is shown as U+FFFD.
package final class SourceFile: Sendable {
  /// The path as the user gave it, or a description such as `--set batch` for text from elsewhere.
  package let path: String
  /// The bytes of the file, a byte-order mark included: every offset is an index into these.
  package let bytes: ContiguousArray<UInt8>
  /// The offset of the first byte of each line, ascending; never empty.
  package let lineStarts: [Int]

  /// A file of `bytes`. Lines end with `\n`, `\r\n` or a lone `\r`.
  package init(path: String, bytes: some Sequence<UInt8>) {
    self.path = path
    self.bytes = ContiguousArray(bytes)
    lineStarts = self.bytes.withUnsafeBufferPointer(Self.lineStarts(of:))
  }

  /// A file of the UTF-8 of `text`.
  package convenience init(path: String, text: String) {
    self.init(path: path, bytes: text.utf8)
  }

  /// The span of bytes from `start` up to `end`; both are brought into the file.
  package func span(_ start: Int, _ end: Int) -> SourceSpan {
    let first = min(max(start, 0), bytes.count)
    return SourceSpan(file: self, start: first, end: min(max(end, first), bytes.count))
  }

  /// The number of the line, from 1, that holds the byte at `offset`.
  package func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The column, from 1, of the byte at `offset`: the number of Unicode scalars before it on its line, plus one.
  /// A tab counts as one, as in editors; a byte-order mark does not count.
  package func column(at offset: Int) -> Int {
    let start = contentStart(ofLine: line(at: offset))
    guard offset > start else { return 1 }
    // Every scalar has one byte that does not continue another.
    return 1 + bytes[start..<min(offset, bytes.count)].count { $0 & 0xC0 != 0x80 }
  }

  /// The bytes of line `number`, from 1, without its line ending and without a byte-order mark.
  package func lineRange(_ number: Int) -> Range<Int> {
    let start = contentStart(ofLine: number)
    var end = number < lineStarts.count ? lineStarts[number] : bytes.count
    while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return start..<end
  }

  private func contentStart(ofLine number: Int) -> Int {
    number == 1 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : lineStarts[number - 1]
  }

  private static func lineStarts(of bytes: UnsafeBufferPointer<UInt8>) -> [Int] {
    var starts = [0]
    for index in bytes.indices {
      let byte = bytes[index]
      let isLoneReturn = byte == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A)
      if byte == 0x0A || isLoneReturn { starts.append(index + 1) }
    }
    return starts
  }
}

extension SourceFile {
  /// Whether this is no file but the text of an option of the command line: `--set` or `--set batch`.
  var isOption: Bool { path.hasPrefix("--set") }

  /// The option as it was written, cut where it is long.
  var optionText: String {
    let text = span(0, bytes.count).text
    let whole = path + (path.contains(" ") ? "=" : " ") + text
    return DisplayText.escaped(whole.count > 72 ? whole.prefix(71) + "…" : whole)
  }
}

extension SourceFile: Hashable {
  package static func == (left: SourceFile, right: SourceFile) -> Bool { left === right }

  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
