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
  /// lexer's.
  func merged(with parser: Mistakes) -> [Diagnostic] {
    let places = Set(diagnostics.map(\.span.start))
    let all = diagnostics + parser.diagnostics.filter { !places.contains($0.span.start) }
    let order = all.indices.sorted { (all[$0].span.start, $0) < (all[$1].span.start, $1) }
    return order.prefix(Self.limit).map { all[$0] }
  }
}
