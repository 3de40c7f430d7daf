import Source

// Marks of other languages, and those that word processors put in place of the plain ones.
extension Lexer {
  /// A mark of another language: the current character, and `second` if it follows, stand for `replacement`.
  mutating func misspelt(_ second: String, as kind: TokenKind, _ replacement: String) {
    let start = position
    position += second.utf8.first.map { $0 == peek(1) } == true ? 2 : 1
    let spelling = text(from: start)
    reportStray("`\(spelling)` has no meaning here", from: start, replacement: replacement)
    add(kind, from: start)
  }

  /// Reports what stands at `start` with what to write instead. Arrows that are spelt alike on lines that follow one another are one
  /// mistake.
  mutating func reportStray(_ message: String, from start: Int, replacement: String? = nil) {
    let span = span(from: start)
    let isArrow = replacement?.filter { $0 != " " } == "->"
    let line = file.line(at: start)
    if isArrow, let replacement, let known = arrowMend, known.spelling == span.text, line - known.line <= 1,
      known.count < 100, mistakes.extend(known.number, by: .init(span, replacement))
    {
      arrowMend = (known.spelling, line, known.number, known.count + 1)
      return
    }
    if isArrow { arrowMend = (span.text, line, mistakes.diagnostics.count, 1) }
    let help = replacement.map { text -> [Diagnostic.Help] in
      let words = text.allSatisfy { $0 == " " } ? "replace it by a blank" : "write `\(text.filter { $0 != " " })`"
      return [.init(words, edits: [.init(span, text)])]
    }
    var diagnostic = Diagnostic(.strayCharacter, message, at: span, help: help ?? [])
    diagnostic.isMended = replacement != nil
    mistakes.report(diagnostic)
  }

  /// A `|`: `or`, or `->` where it joins stages as in a shell.
  mutating func bar() {
    let line = file.line(at: position)
    if lineOfBars?.line != line { lineOfBars = (line, joinsStages(file.lineRange(line))) }
    if lineOfBars?.isPipe ?? false, peek(1) != UInt8(ascii: "|") {
      misspelt(">", as: .arrow, "->")
    } else {
      peek(1) == UInt8(ascii: ">") ? misspelt(">", as: .arrow, "->") : misspelt("|", as: .or, "or")
    }
  }

  /// Whether the `|` of a line join stages: it starts with one, gives an output, or has calls or `->` in it; and calculates no truth
  /// values.
  private func joinsStages(_ range: Range<Int>) -> Bool {
    let line = file.span(range.lowerBound, range.upperBound).text.prefix { $0 != "#" }
    let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    if words.contains(where: { Self.wordsOfTruth.contains(String($0)) }) { return false }
    let pairs = zip(line, line.dropFirst())
    // The `>` of `->` and `|>` compares nothing.
    let isComparison = pairs.contains { first, second in
      second == "<" || second == ">" && first != "-" && first != "|" || second == "=" && "=!".contains(first)
    }
    if isComparison || line.contains("&") { return false }
    let start = line.drop { $0 == " " || $0 == "\t" }
    if start.first == "|" || words.first == "output" { return true }
    return pairs.contains { $0 == "-" && $1 == ">" }
      || line.split(separator: "|").dropFirst().contains { $0.contains("(") }
  }

  private static let wordsOfTruth: Set<String> = ["if", "assert", "and", "or", "not", "true", "false"]
}
