/// A range of bytes in a file: what a diagnostic points at and where a tree node came from.
package struct SourceSpan: Hashable, Sendable {
  package let file: SourceFile
  /// The offset of the first byte.
  package let start: Int
  /// The offset after the last byte; never less than `start`. An empty span is a place between two bytes.
  package let end: Int

  /// The bytes of `file` from `start` up to `end`; `SourceFile.span` checks the bounds.
  package init(file: SourceFile, start: Int, end: Int) {
    self.file = file
    self.start = start
    self.end = end
  }

  /// The number of the line, from 1, on which the span starts.
  package var line: Int { file.line(at: start) }

  /// The number of the line, from 1, that holds the last byte of the span.
  package var lastLine: Int { file.line(at: max(start, end - 1)) }

  /// The column, from 1 and in Unicode scalars, at which the span starts.
  package var column: Int { file.column(at: start) }

  /// The lines of the span in words, with the file for somebody who reads another one: `line 6`, `lines 10-12 of parts.net`.
  package func lines(seenFrom reader: SourceFile) -> String {
    let (first, last) = (line, lastLine)
    let lines = first == last ? "line \(first)" : "lines \(first)-\(last)"
    return file == reader ? lines : "\(lines) of \(file.path)"
  }

  /// The text of the span, with U+FFFD for bytes that are not UTF-8.
  package var text: String { String(decoding: file.bytes[start..<end], as: UTF8.self) }

  /// The span from the start of this one to the end of `other`; this one where `other` lies in another file.
  package func extended(to other: SourceSpan) -> SourceSpan {
    guard other.file == file else { return self }
    return SourceSpan(file: file, start: min(start, other.start), end: max(end, other.end))
  }

  /// The empty span just before this one.
  package var before: SourceSpan { SourceSpan(file: file, start: start, end: start) }

  /// The empty span just after this one: where something missing belongs.
  package var after: SourceSpan { SourceSpan(file: file, start: end, end: end) }
}
