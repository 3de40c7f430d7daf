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

  /// The first mistakes of the lexer and of the parser, in the order of the file; where both have one to say about a place, the
  /// lexer's: what it takes a mark for then does not fit, and is no fix. What stands in `comments` is none of its mistakes.
  func merged(with parser: Mistakes, comments: [Range<Int>]) -> [Diagnostic] {
    let wrong = Set(parser.diagnostics.map(\.span.start))
    var all = diagnostics.filter { mistake in !comments.contains { $0.contains(mistake.span.start) } }
    let places = Set(all.map(\.span.start))
    for index in all.indices where all[index].isMended && wrong.contains(all[index].span.start) {
      all[index].isMended = false
      for help in all[index].help.indices { all[index].help[help].withholdEdits() }
    }
    all += parser.diagnostics.filter { !places.contains($0.span.start) }
    let order = all.indices.sorted { (all[$0].span.start, $0) < (all[$1].span.start, $1) }
    return order.prefix(Self.limit).map { all[$0] }
  }
}
