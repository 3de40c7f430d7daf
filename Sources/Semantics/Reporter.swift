import Source

/// Collects diagnostics: none twice for one place, and not more than help.
struct Reporter {
  /// How many errors a run shows.
  static let limit = 20

  private(set) var diagnostics: [Diagnostic] = []
  private(set) var errorCount = 0
  private var seen: Set<Key> = []

  private struct Key: Hashable {
    var code: String
    var file: ObjectIdentifier
    var start: Int
  }

  mutating func report(_ diagnostic: Diagnostic) {
    let key = Key(
      code: diagnostic.code, file: ObjectIdentifier(diagnostic.span.file), start: diagnostic.span.start)
    guard seen.insert(key).inserted else { return }
    if diagnostic.severity == .error {
      errorCount += 1
      guard errorCount <= Reporter.limit else { return }
    }
    diagnostics.append(diagnostic)
  }
}
