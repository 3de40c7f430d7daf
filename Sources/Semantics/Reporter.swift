import Source

/// Collects diagnostics: none twice for one place, not more than help, and nothing that only follows from text that could not be read.
struct Reporter {
  /// How many errors a run shows.
  static let limit = 20

  private(set) var diagnostics: [Diagnostic] = []
  /// Errors, those that are not shown included.
  private(set) var errorCount = 0
  /// Errors that are shown.
  private var told = 0
  private var seen: Set<Key> = []
  /// The places of mistakes of syntax.
  private var unread: [SourceSpan] = []
  /// The words on their lines.
  private var unreadWords: Set<String> = []

  private struct Key: Hashable {
    var code: String
    var file: ObjectIdentifier
    var start: Int
  }

  mutating func report(_ diagnostic: Diagnostic) {
    let isSyntax = diagnostic.code.hasPrefix("N0")
    if !isSyntax, isOnUnreadLine(diagnostic.span) { return suppress() }
    let key = Key(
      code: diagnostic.code, file: ObjectIdentifier(diagnostic.span.file), start: diagnostic.span.start)
    guard seen.insert(key).inserted else { return }
    if isSyntax {
      unread.append(diagnostic.span)
      unreadWords.formUnion(Reporter.words(diagnostic.span))
    }
    if diagnostic.severity == .error {
      errorCount += 1
      if isFull { return }
      told += 1
    }
    diagnostics.append(diagnostic)
  }

  /// Whether further errors are counted only.
  var isFull: Bool { told >= Reporter.limit }

  /// Counts an error that is not shown, because another one is its cause.
  mutating func suppress() { errorCount += 1 }

  /// Whether a mistake of syntax lies inside `span`: what seems to be missing there may just be unread.
  func isUnread(_ span: SourceSpan) -> Bool {
    unread.contains { $0.file == span.file && $0.start >= span.start && $0.start <= span.end }
  }

  /// Whether an import of a file has a mistake of syntax.
  func hasUnreadImport(in file: SourceFile) -> Bool {
    unread.contains { span in
      guard span.file == file else { return false }
      let range = file.lineRange(span.line)
      return file.span(range.lowerBound, range.upperBound).text.drop { $0 == " " || $0 == "\t" }.hasPrefix("import")
    }
  }

  /// Whether `name` stands on a line with a mistake of syntax, where it may have been declared.
  func isUnread(_ name: String) -> Bool { unreadWords.contains(name) }

  /// The words of a line.
  private static func words(_ span: SourceSpan) -> [String] {
    let range = span.file.lineRange(span.line)
    return span.file.span(range.lowerBound, range.upperBound).text
      .split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
  }

  private func isOnUnreadLine(_ span: SourceSpan) -> Bool {
    if unread.isEmpty { return false }
    let (first, last) = (span.line, span.lastLine)
    return unread.contains { $0.file == span.file && $0.line <= last && $0.lastLine >= first }
  }
}
