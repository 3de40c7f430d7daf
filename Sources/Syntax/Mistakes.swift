import Source

/// The diagnostics of a file so far, at most `limit` of them: after that many, more would not help.
struct Mistakes {
  /// How many mistakes are noted per file: one more than are shown, which says that there are more.
  static let limit = Diagnostic.shownLimit + 1

  private(set) var diagnostics: [Diagnostic] = []

  /// Whether no more is reported; the parser may stop.
  var isFull: Bool { diagnostics.count >= Self.limit }

  mutating func report(_ diagnostic: Diagnostic) {
    if !isFull { diagnostics.append(diagnostic) }
  }

  /// Adds an edit to the fix of a mistake that was made once more; false where it has none.
  mutating func extend(_ number: Int, by edit: Diagnostic.Edit) -> Bool {
    guard diagnostics.indices.contains(number), !(diagnostics[number].help.first?.edits.isEmpty ?? true) else {
      return false
    }
    diagnostics[number].help[0].edits.append(edit)
    return true
  }

  /// Tells of a mistake after all that what follows it cannot be read: the fix that it offers is not what was meant.
  mutating func leaveUnread(_ number: Int) {
    diagnostics[number].leaveUnread()
  }

  /// The first mistakes of the lexer and of the parser, in the order of the file; where both have one to say about a place, the
  /// lexer's: what it takes a mark for then does not fit, and is no fix. What stands in `comments` is none of its mistakes.
  func merged(with parser: Mistakes, comments: [Range<Int>]) -> [Diagnostic] {
    var all = diagnostics.filter { mistake in
      !comments.contains { $0.contains(mistake.span.start) } && !standsForBracket(mistake, parser.diagnostics)
    }
    let own = all.indices
    for mistake in parser.diagnostics {
      if let index = own.first(where: { isSame(all[$0].span, mistake) }) {
        if all[index].isMended { all[index].leaveUnread() }
      } else {
        all.append(mistake)
      }
    }
    let order = all.indices.sorted { (all[$0].span.start, $0) < (all[$1].span.start, $1) }
    return order.prefix(Self.limit).map { all[$0] }
  }

  /// Whether a `;` stands where a bracket is missing, of which the parser tells.
  private func standsForBracket(_ mistake: Diagnostic, _ others: [Diagnostic]) -> Bool {
    guard mistake.code == DiagnosticCode.semicolon.code else { return false }
    let codes: [DiagnosticCode] = [.bracketNotClosed, .bodyNotClosed, .tokenExpected]
    return others.contains { other in
      other.span.lastLine == mistake.span.line && other.span.start <= mistake.span.start
        && codes.contains { $0.code == other.code }
    }
  }

  /// Whether a mistake of the parser is about what the lexer has told of at `span`, or follows from it: nothing can be read beside it.
  private func isSame(_ span: SourceSpan, _ mistake: Diagnostic) -> Bool {
    let other = mistake.span
    if span.start == other.start { return true }
    if mistake.isMended { return false }
    let (first, second) = span.start < other.start ? (span, other) : (other, span)
    guard first.end <= second.start, second.start - first.end <= 8 else { return false }
    guard span.file.bytes[first.end..<second.start].allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { return false }
    // What is missing at the end of the line is missing there whatever stands behind it.
    let rest = span.file.bytes[span.end...].prefix { $0 != 0x0A && $0 != 0x0D }
    return first == span || !rest.allSatisfy { $0 == 0x20 || $0 == 0x09 }
  }
}

extension Diagnostic {
  /// Takes back that the text was read on as if the first fix had been applied, and the fixes.
  fileprivate mutating func leaveUnread() {
    isMended = false
    help.removeAll { !$0.edits.isEmpty }
  }
}
