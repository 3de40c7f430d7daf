import Source

/// A line as it will stand in the file.
struct OutputLine {
  /// The column of the first character.
  var indentation = 0
  /// What stands on it without the comment.
  var code = ""
  var comment: String?

  var isEmpty: Bool { code.isEmpty && comment == nil }

  var opensBracket: Bool { code.hasSuffix("{") || code.hasSuffix("(") || code.hasSuffix("[") }

  private var codeWidth: Int { indentation + DisplayText.width(of: code) }

  /// The lines as texts. Comments behind code on lines that follow one another stand below each other.
  static func aligned(_ lines: [OutputLine]) -> [String] {
    var texts: [String] = []
    texts.reserveCapacity(lines.count)
    var index = 0
    while index < lines.count {
      var end = index
      while end < lines.count, !lines[end].code.isEmpty, lines[end].comment != nil { end += 1 }
      guard end > index else {
        texts.append(lines[index].text(commentColumn: 0))
        index += 1
        continue
      }
      let column = (lines[index..<end].map(\.codeWidth).max() ?? 0) + 2
      texts += lines[index..<end].map { $0.text(commentColumn: column) }
      index = end
    }
    return texts
  }

  private func text(commentColumn: Int) -> String {
    if isEmpty { return "" }
    let start = String(repeating: " ", count: indentation)
    guard let comment else { return start + code }
    if code.isEmpty { return start + comment }
    return start + code + String(repeating: " ", count: max(2, commentColumn - codeWidth)) + comment
  }
}
