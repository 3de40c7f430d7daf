import Semantics
import Source
import Syntax

extension Compilation {
  /// The nets whose shapes are known, in order.
  package var observedNets: [String] { observations.map(\.net) }

  /// The text of the file with the shape after every stage in a comment behind its line, in the place of one that was put there before:
  /// those of `net`, or of the first net that reaches the line. What is reached several times has the shapes of the first time, and says how often they differ.
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
    var ends: [Int: AnnotatedText.End] = [:]
    for comment in parse(file).0.comments where !comment.isOnItsOwnLine && comments[comment.span.line] != nil {
      let end = LineShapes.start(in: comment.span) ?? comment.span.end
      ends[comment.span.line] = AnnotatedText.End(offset: end, hasComment: end > comment.span.start)
    }
    return AnnotatedText(file, comments: comments, ends: ends).text
  }
}

/// What was observed on one line.
private struct LineShapes {
  var stages: [(span: SourceSpan, stage: Observations.Stage)] = []
  /// The type of an input that is declared on the line.
  var input: String?

  /// Where shapes that were written into a comment start, with the blanks before them; nil where there are none.
  static func start(in comment: SourceSpan) -> Int? {
    let bytes = comment.file.bytes
    guard var start = (comment.start..<comment.end).last(where: { bytes[$0] == UInt8(ascii: "#") }),
      areShapes(comment.file.span(start + 1, comment.end).text)
    else { return nil }
    while start > 0, bytes[start - 1] == 0x20 || bytes[start - 1] == 0x09 { start -= 1 }
    return start
  }

  /// Whether a text is what `comment` makes: types with arrows between them, and how many differ.
  private static func areShapes(_ text: String) -> Bool {
    var text = text[...]
    if let open = text.lastIndex(of: "("), text[open...].hasPrefix("(the first of ") { text = text[..<open] }
    var types = text.split(separator: "->", omittingEmptySubsequences: false).map(trimmed)
    types.removeAll { $0 == "?" }
    return !types.isEmpty && types.allSatisfy(isType)
  }

  private static func isType(_ text: Substring) -> Bool {
    let parts = text.split(separator: "[", maxSplits: 1, omittingEmptySubsequences: false)
    if let shape = parts.dropFirst().first {
      guard shape.last == "]" else { return false }
      guard shape.dropLast().allSatisfy({ $0.isNumber || $0 == "," || $0 == " " }) else { return false }
    }
    let name = parts[0]
    if name.hasPrefix("index("), name.last == ")" { return name.dropFirst(6).dropLast().allSatisfy(\.isNumber) }
    return name == "f32" || name == "bool"
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }

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

  /// Where a line with a comment ends that is given another one.
  struct End {
    var offset: Int
    /// Whether a part of the comment stays.
    var hasComment: Bool
  }

  init(_ file: SourceFile, comments: [Int: String], ends: [Int: End]) {
    var texts: [String] = []
    var start = 1
    let count = file.lineStarts.count
    while start <= count {
      var end = start
      while end < count, !file.lineRange(end).isEmpty { end += 1 }
      let lines = (start...end).map { number in
        let range = file.lineRange(number)
        return file.span(range.lowerBound, ends[number]?.offset ?? range.upperBound).text
      }
      let widths = lines.indices.filter { comments[start + $0] != nil }.map { DisplayText.width(of: lines[$0]) }
      let column = min((widths.max() ?? 0) + 2, Self.lastColumn)
      for (index, line) in lines.enumerated() {
        guard let comment = comments[start + index] else {
          texts.append(line)
          continue
        }
        // Behind another comment nothing is lined up: that is for the formatter, which moves the whole.
        let isFree = ends[start + index]?.hasComment != true
        let padding = String(repeating: " ", count: max(2, isFree ? column - DisplayText.width(of: line) : 0))
        texts.append(line + padding + "# " + comment)
      }
      start = end + 1
    }
    if texts.last == "" { texts.removeLast() }
    let hasReturns = file.lineStarts.count > 1 && file.bytes[..<file.lineStarts[1]].suffix(2) == [0x0D, 0x0A]
    text = texts.map { $0 + (hasReturns ? "\r\n" : "\n") }.joined()
  }
}
