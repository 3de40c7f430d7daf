extension DiagnosticRenderer {
  /// A place to mark below a line.
  private struct Mark {
    let cells: Range<Int>
    let text: String
    let isPrimary: Bool
  }

  /// The lines that `diagnostic` is about, with marks below them; those of other files follow under their names.
  func snippet(_ diagnostic: Diagnostic, _ gutter: String) -> [String] {
    var labels = [(span: diagnostic.span, text: diagnostic.label ?? "", isPrimary: true)]
    labels += diagnostic.secondary.map { ($0.span, $0.text, false) }
    var files: [SourceFile] = []
    for label in labels where !files.contains(label.span.file) { files.append(label.span.file) }
    return files.flatMap { file -> [String] in
      let here = labels.filter { $0.span.file == file }
      let head =
        file == diagnostic.span.file
        ? []
        : [
          "\(gutter)\(paint(":::", .frame)) "
            + (file.isOption ? file.optionText : "\(DisplayText.escaped(file.path)):\(here[0].span.line)")
        ]
      return head + lines(here, of: file, gutter, diagnostic.severity)
    }
  }

  private func lines(
    _ labels: [(span: SourceSpan, text: String, isPrimary: Bool)], of file: SourceFile, _ gutter: String,
    _ severity: Diagnostic.Severity
  ) -> [String] {
    // An empty file has no line worth showing.
    if file.bytes.isEmpty { return [] }
    let empty = gutter + " " + paint("|", .frame)
    var rendered: [String] = []
    var previous: Int?
    for number in Set(labels.map(\.span.line)).sorted() {
      if let previous, number == previous + 2 {
        rendered.append(source(DisplayLine(number - 1, of: file, focus: 0), number - 1, gutter))
      } else if let previous, number > previous + 2 {
        rendered.append(paint("...", .frame))
      }
      previous = number
      let here = labels.filter { $0.span.line == number }
      let focus = (here.first { $0.isPrimary } ?? here[0]).span.start
      let line = DisplayLine(number, of: file, focus: focus)
      rendered.append(source(line, number, gutter))
      let marks = here.compactMap { label in
        line.cells(of: label.span).map {
          Mark(cells: $0, text: DisplayText.escaped(label.text), isPrimary: label.isPrimary)
        }
      }
      rendered += underline(marks, severity).map { empty + " " + $0 }
    }
    return rendered
  }

  private func source(_ line: DisplayLine, _ number: Int, _ gutter: String) -> String {
    let text = String(number)
    let blanks = String(repeating: " ", count: max(0, gutter.count - text.count))
    return paint(blanks + text + " |", .frame) + " " + line.text
  }

  /// The rows below a line: carets and, beside the rightmost, its words; then the words of the others, each on its own row under a
  /// bar.
  private func underline(_ marks: [Mark], _ severity: Diagnostic.Severity) -> [String] {
    let ordered = marks.sorted { $0.cells.lowerBound < $1.cells.lowerBound }
    guard let last = ordered.last else { return [] }
    var carets: [(cell: Int, text: String, isPrimary: Bool)] = []
    var cell = 0
    for mark in ordered {
      let start = max(cell, mark.cells.lowerBound)
      guard mark.cells.upperBound > start else { continue }
      carets.append((start, String(repeating: "^", count: mark.cells.upperBound - start), mark.isPrimary))
      cell = mark.cells.upperBound
    }
    let hasRoom = ordered.allSatisfy { $0.cells.upperBound <= last.cells.upperBound }
    if hasRoom, !last.text.isEmpty { carets.append((cell + 1, last.text, last.isPrimary)) }
    var rows = [row(carets, severity)]

    var waiting = (hasRoom ? Array(ordered.dropLast()) : ordered).filter { !$0.text.isEmpty }
    if !waiting.isEmpty { rows.append(row(waiting.map { ($0.cells.lowerBound, "|", $0.isPrimary) }, severity)) }
    while let mark = waiting.popLast() {
      let bars = waiting.filter { $0.cells.lowerBound < mark.cells.lowerBound }
      rows.append(
        row(
          bars.map { ($0.cells.lowerBound, "|", $0.isPrimary) } + [(mark.cells.lowerBound, mark.text, mark.isPrimary)],
          severity))
    }
    return rows
  }

  /// Texts at their cells; what would overlap the text before it is left out.
  private func row(_ pieces: [(cell: Int, text: String, isPrimary: Bool)], _ severity: Diagnostic.Severity) -> String {
    var line = ""
    var width = 0
    for piece in pieces where piece.cell >= width {
      line += String(repeating: " ", count: piece.cell - width)
      line += paint(piece.text, piece.isPrimary ? .severity(severity) : .frame)
      width = piece.cell + DisplayText.width(of: piece.text)
    }
    return line
  }
}
