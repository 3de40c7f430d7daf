import Semantics
import Source

extension Compilation {
  /// The nets whose shapes are known, in order.
  package var observedNets: [String] { observations.map(\.net) }

  /// The text of the file with the shape after every stage in a comment behind its line: those of `net`, or of the first net that
  /// reaches the line. What is reached several times has the shapes of the first time, and says how often they differ.
  package func annotated(net: String? = nil) -> String {
    var shapes: [Int: LineShapes] = [:]
    for observations in observations where net == nil || observations.net == net {
      var lines: [Int: LineShapes] = [:]
      for (span, stage) in observations.stages where span.file == file {
        lines[span.lastLine, default: LineShapes()].stages.append((span, stage))
      }
      for (span, name) in observations.names where span.file == file && name.kind == "input" && name.isTensor {
        lines[span.line, default: LineShapes()].input = name.text
      }
      shapes.merge(lines) { first, _ in first }
    }
    var comments: [Int: String] = [:]
    for (number, shapes) in shapes {
      let line = file.lineRange(number)
      comments[number] = shapes.comment(in: file.span(line.lowerBound, line.upperBound).text)
    }
    return AnnotatedText(file, comments: comments).text
  }
}

/// What was observed on one line.
private struct LineShapes {
  var stages: [(span: SourceSpan, stage: Observations.Stage)] = []
  /// The type of an input that is declared on the line.
  var input: String?

  /// The shapes from left to right; nil where there is nothing to say.
  func comment(in line: String) -> String? {
    var shown = stages.filter { $0.stage.kind == .call && $0.span.line == $0.span.lastLine }
    // What ends here over several lines, and what a flow starts from, matter where the line calls nothing.
    if shown.isEmpty { shown = stages.filter { $0.stage.kind != .head } }
    if shown.isEmpty { shown = stages }
    guard let last = shown.max(by: { $0.span.end < $1.span.end }) else {
      return input.flatMap { line.contains($0) ? nil : $0 }
    }
    // Of expressions within one another the outermost.
    if shown.allSatisfy({ $0.stage.kind != .call }) {
      shown = [shown.max { ($0.span.end, -$0.span.start) < ($1.span.end, -$1.span.start) } ?? last]
    }
    shown.sort { $0.span.start < $1.span.start }
    if shown.allSatisfy({ $0.stage.type == nil }) { return nil }
    let text = shown.map { $0.stage.type.map(\.description) ?? "?" }.joined(separator: " -> ")
    guard let differing = shown.map(\.stage).max(by: { $0.differing < $1.differing }), differing.differing > 0 else {
      return text
    }
    let verb = differing.differing == 1 ? "differs" : "differ"
    return "\(text)   (the first of \(differing.times); \(differing.differing) \(verb))"
  }
}

/// A text with comments behind some of its lines, below each other between blank lines.
private struct AnnotatedText {
  /// Comments start no further to the right, unless the line is longer.
  private static let lastColumn = 84
  let text: String

  init(_ file: SourceFile, comments: [Int: String]) {
    var texts: [String] = []
    var start = 1
    let count = file.lineStarts.count
    while start <= count {
      var end = start
      while end < count, !file.lineRange(end).isEmpty { end += 1 }
      let lines = (start...end).map { file.span(file.lineRange($0).lowerBound, file.lineRange($0).upperBound).text }
      let widths = lines.indices.filter { comments[start + $0] != nil }.map { DisplayText.width(of: lines[$0]) }
      let column = min((widths.max() ?? 0) + 2, Self.lastColumn)
      for (index, line) in lines.enumerated() {
        guard let comment = comments[start + index] else {
          texts.append(line)
          continue
        }
        let padding = String(repeating: " ", count: max(2, column - DisplayText.width(of: line)))
        texts.append(line + padding + "# " + comment)
      }
      start = end + 1
    }
    if texts.last == "" { texts.removeLast() }
    text = texts.map { $0 + "\n" }.joined()
  }
}
