import Source
import Syntax

/// What formatting a file came to.
package enum FormatResult: Sendable {
  /// The whole file in the canonical layout.
  case formatted(String)
  /// The file has mistakes in its syntax, so that nobody knows what it says; it stays as it is.
  case mistakes([Diagnostic])
  /// The formatted text would not say the same: a mistake of netc. The file stays as it is.
  case meaningChanged
}

/// `file` in the canonical layout: the same tree, the same comments, and a text that formats to itself.
///
/// Line breaks that were chosen where the language leaves a choice (before `->`, inside brackets) are kept, and so is one blank
/// line of several. Line ends are those of the first line; a byte-order mark goes.
package func format(_ file: SourceFile) -> FormatResult {
  let (tree, mistakes) = parse(file)
  if mistakes.contains(where: { $0.severity == .error }) { return .mistakes(mistakes) }
  var formatter = Formatter(tree)
  var printer = LayoutPrinter()
  printer.add(formatter.layout())
  let text = printer.text(lineEnd: file.usesCarriageReturns ? "\r\n" : "\n")
  let (result, newMistakes) = parse(SourceFile(path: file.path, text: text))
  guard newMistakes.isEmpty, result.structure == tree.structure, result.commentTexts == tree.commentTexts else {
    return .meaningChanged
  }
  return .formatted(text)
}

extension FileSyntax {
  /// The texts of the comments in order, without blanks at their ends.
  package var commentTexts: [String] { comments.map(\.trimmedText) }
}

extension CommentSyntax {
  /// The comment without blanks at its end.
  var trimmedText: String {
    var bytes = span.file.bytes[span.start..<span.end]
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension SourceFile {
  /// Whether the first line ends with `\r\n`.
  fileprivate var usesCarriageReturns: Bool {
    lineStarts.count > 1 && lineStarts[1] >= 2 && bytes[lineStarts[1] - 1] == 0x0A && bytes[lineStarts[1] - 2] == 0x0D
  }
}
