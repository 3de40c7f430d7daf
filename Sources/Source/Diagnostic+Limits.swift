extension Diagnostic {
  /// How many errors a run shows, and how many warnings beside none.
  package static let shownLimit = 20

  /// How many characters of a run without blanks a message repeats, and how many it has in all: a name of a megabyte says no more than its
  /// beginning and its end.
  static let runLimit = 100
  static let textLimit = 2000

  /// `text` with "…" in the middle of runs that are too long, and at its end where it is too long itself.
  static func limited(_ text: String) -> String {
    guard text.utf8.count > runLimit else { return text }
    var result = ""
    for run in text.split(omittingEmptySubsequences: false, whereSeparator: \.isWhitespace) {
      result += run.utf8.count > runLimit && run.count > runLimit ? run.prefix(60) + "…" + run.suffix(30) : run
      guard run.endIndex < text.endIndex else { break }
      result.append(text[run.endIndex])
      if result.utf8.count > 4 * textLimit { break }
    }
    return result.count > textLimit ? result.prefix(textLimit) + "…" : result
  }
}
