import Source
import Syntax

/// Collects diagnostics: none twice for one place, not more than help, and nothing that only follows from text that could not be read.
struct Reporter {
  private(set) var diagnostics: [Diagnostic] = []
  /// Errors, those that are not shown included.
  private(set) var errorCount = 0
  /// What was found and is not shown, each once.
  private(set) var hidden = HiddenDiagnostics()
  /// Errors and warnings that are shown.
  private var toldErrors = 0
  private var toldWarnings = 0
  private var seen: Set<Key> = []
  /// Arguments that were told to be too many: what else is wrong with one of them follows from what it was meant for.
  private var extraArguments: Set<SourceSpan> = []
  /// The places of mistakes of syntax that left something unread.
  private var unread: [SourceSpan] = []
  /// The places of mistakes of syntax that were read on by a guess.
  private var guessed: [SourceSpan] = []
  /// The names of nets and blocks that were told to call themselves.
  var recursive: Set<SourceSpan> = []
  /// The lines of what was left unread, and the words on them.
  private var unreadLines: Set<SourceSpan> = []
  private var unreadWords: Set<String> = []

  private struct Key: Hashable {
    var code: String
    var file: ObjectIdentifier
    var start: Int

    init(_ code: String, _ span: SourceSpan) {
      self.code = code
      file = ObjectIdentifier(span.file)
      start = span.start
    }
  }

  mutating func report(_ diagnostic: Diagnostic) {
    guard admits(diagnostic.code, diagnostic.severity, at: diagnostic.span) else { return }
    seen.insert(Key(diagnostic.code, diagnostic.span))
    if diagnostic.isSyntax, !diagnostic.isMended {
      leaveUnread(diagnostic.span)
    } else if diagnostic.isSyntax, diagnostic.isGuessed {
      guessed.append(diagnostic.span)
    }
    if diagnostic.severity == .error {
      errorCount += 1
      toldErrors += 1
      if diagnostic.code == DiagnosticCode.repeatedArgument.code { extraArguments.insert(diagnostic.span) }
    } else {
      toldWarnings += 1
    }
    diagnostics.append(diagnostic)
  }

  /// Whether a diagnostic at `span` would be shown: its words need not be worked out where not. One that is only too many is counted.
  mutating func admits(_ code: String, _ severity: Diagnostic.Severity, at span: SourceSpan) -> Bool {
    let isSyntax = code.hasPrefix("N0")
    if !isSyntax, isOnLine(of: unread, span) || isOnLine(of: guessed, span) {
      if severity == .error { suppress() }
      return false
    }
    if severity == .error, extraArguments.contains(span), !seen.contains(Key(code, span)) {
      suppress()
      return false
    }
    if severity == .error ? !isFull : toldWarnings < Diagnostic.shownLimit { return !seen.contains(Key(code, span)) }
    if isSyntax { hidden.isOpen = true }
    hide(code, severity, at: span)
    return false
  }

  /// Counts a diagnostic that is one too many to be shown, once for its place.
  mutating func hide(_ code: String, _ severity: Diagnostic.Severity = .error, at span: SourceSpan) {
    guard seen.insert(Key(code, span)).inserted else { return }
    if severity == .error {
      errorCount += 1
      hidden.errors += 1
    } else {
      hidden.warnings += 1
    }
  }

  /// Whether further errors are counted only.
  var isFull: Bool { toldErrors >= Diagnostic.shownLimit }

  /// Counts an error that is not shown, because another one is its cause.
  mutating func suppress() { errorCount += 1 }

  /// Whether a mistake of syntax lies inside `span`: what seems to be missing there may just be unread.
  func isUnread(_ span: SourceSpan) -> Bool {
    unread.contains { $0.file == span.file && $0.start >= span.start && $0.start <= span.end }
  }

  /// Whether a mistake of syntax stands on the line of `span`: what is declared there may have another name.
  func isOnUnreadLine(_ span: SourceSpan) -> Bool {
    (unread + guessed).contains { $0.file == span.file && $0.line == span.line }
  }

  /// Whether lines of a body stand outside of all: the header of a net or block is missing, and with it a name.
  var hasBodyWithoutHeader: Bool {
    diagnostics.contains {
      $0.code == DiagnosticCode.unknownDeclaration.code
        && [.input, .output, .layer, .assert].contains(TokenKind.words[$0.span.text] ?? .end)
    }
  }

  /// Whether a flow inside `span` was told to have no name, or no start: names may be missing for want of it.
  func hasNamelessFlow(in span: SourceSpan) -> Bool {
    diagnostics.contains {
      guard $0.span.file == span.file else { return false }
      let start = span.file.lineRange($0.span.line).lowerBound
      return ($0.code == DiagnosticCode.danglingArrow.code || $0.code == DiagnosticCode.valueGoesNowhere.code)
        && !$0.isMended && $0.span.start >= span.start && $0.span.end <= span.end
        && span.file.bytes[start..<$0.span.start].allSatisfy { $0 == 0x20 || $0 == 0x09 }
    }
  }

  /// Whether a guess of what is meant stands inside `span`, behind `start`.
  func isGuessed(_ span: SourceSpan, behind start: Int) -> Bool {
    guessed.contains { $0.file == span.file && $0.start > start && $0.end <= span.end }
  }

  /// Whether an import of a file has a mistake of syntax.
  func hasUnreadImport(in file: SourceFile) -> Bool {
    unread.contains { span in
      guard span.file == file else { return false }
      let range = file.lineRange(span.line)
      return file.bytes[range].drop { $0 == 0x20 || $0 == 0x09 }.starts(with: "import".utf8)
    }
  }

  /// Whether `name` stands on a line with a mistake of syntax, where it may have been declared.
  func isUnread(_ name: String) -> Bool { unreadWords.contains(name) }

  /// Notes that nobody knows what `span` says, nor what the words on its line stand for.
  private mutating func leaveUnread(_ span: SourceSpan) {
    unread.append(span)
    let range = span.file.lineRange(span.line)
    let line = span.file.span(range.lowerBound, range.upperBound)
    // A line with many mistakes may be the whole of a large file.
    guard unreadLines.insert(line).inserted else { return }
    for word in line.text.unicodeScalars.split(whereSeparator: { !Self.isOfWord($0) }) {
      unreadWords.insert(String(word))
    }
  }

  private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_": true
    case "\0"..."\u{7F}": false
    default:
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || scalar.properties.generalCategory == .nonspacingMark
    }
  }

  private func isOnLine(of mistakes: [SourceSpan], _ span: SourceSpan) -> Bool {
    if mistakes.isEmpty { return false }
    let (first, last) = (span.line, span.lastLine)
    return mistakes.contains { $0.file == span.file && $0.line <= last && $0.lastLine >= first }
  }

  /// A moment, to find out whether errors came after it.
  struct Mark {
    private let count: Int
    init(_ reporter: Reporter) { count = reporter.errorCount }
    func hasErrors(_ reporter: Reporter) -> Bool { reporter.errorCount > count }
  }
}
