import Semantics
import Source

/// A file after the sure fixes of its diagnostics, applied as often as they make it better. Nothing is written.
package struct Repair {
  /// A fix that was applied.
  package struct Change: Sendable {
    /// What it removed, with its place in the text that it was applied to.
    package var diagnostic: Diagnostic
    package var help: Diagnostic.Help
  }

  /// What is left, with the text after the changes in `file`.
  package private(set) var compilation: Compilation
  package private(set) var changes: [Change] = []

  /// More rounds than one are needed where a mistake hid others.
  private static let roundLimit = 20

  private let overrides: [SettingOverride]
  private let read: ImportReader

  /// Repairs what `compilation` was made of; `overrides` and `read` are those it was made with.
  package init(_ compilation: Compilation, overrides: [SettingOverride], read: @escaping ImportReader) {
    // A fix may bring to light what its mistake hid: here that is no reason against it.
    self.compilation = Compilation(compilation.file, overrides: overrides, provesFixes: false, read: read)
    self.overrides = overrides
    self.read = read
    var rounds = 0
    while rounds < Repair.roundLimit, improve() { rounds += 1 }
    let file = self.compilation.file
    self.compilation = changes.isEmpty ? compilation : Compilation(file, overrides: overrides, read: read)
  }

  /// Applies what can be applied at once; false when that is nothing.
  private mutating func improve() -> Bool {
    let candidates = self.candidates
    if candidates.isEmpty { return false }
    if accept(candidates) { return true }
    for candidate in candidates where candidates.count > 1 && accept([candidate]) { return true }
    return false
  }

  /// The first sure fix of each diagnostic, those that overlap an earlier one left out.
  private var candidates: [Change] {
    var chosen: [Change] = []
    var edits: [Diagnostic.Edit] = []
    for diagnostic in compilation.diagnostics {
      guard let help = diagnostic.help.first(where: \.isSure),
        help.edits.allSatisfy({ $0.span.file == compilation.file }),
        !help.edits.contains(where: { edit in edits.contains { $0.touches(edit) } })
      else { continue }
      chosen.append(Change(diagnostic: diagnostic, help: help))
      edits += help.edits
    }
    return chosen
  }

  /// Applies fixes together if that makes the file better.
  private mutating func accept(_ fixes: [Change]) -> Bool {
    let file = compilation.file.applying(fixes.flatMap(\.help.edits))
    let after = Compilation(file, overrides: overrides, provesFixes: false, read: read)
    guard Repair.isBetter(after.diagnostics, compilation.diagnostics, without: fixes) else { return false }
    compilation = after
    changes += fixes
    return true
  }

  /// Whether the diagnostics of the fixes are gone and nothing worse came: no new mistake of syntax, no new error where a text was put,
  /// and not more errors than before. A mistake of syntax hides what it stands in, so that what comes to light after it does not
  /// count, unless its fix is a guess.
  private static func isBetter(_ after: [Diagnostic], _ before: [Diagnostic], without fixes: [Change]) -> Bool {
    let removed = fixes.map(\.diagnostic)
    var counts: [Key: Int] = [:]
    for diagnostic in before { counts[Key(diagnostic), default: 0] += 1 }
    for diagnostic in removed { counts[Key(diagnostic), default: 0] -= 1 }
    var left = counts
    for diagnostic in after { left[Key(diagnostic), default: 0] -= 1 }
    if removed.contains(where: { left[Key($0), default: 0] < 0 }) { return false }
    if after.contains(where: { $0.isSyntax && left[Key($0), default: 0] < 0 }) { return false }
    let new = after.filter { $0.severity == .error && left[Key($0), default: 0] < 0 }
    if removed.contains(where: \.isGuessed) { return new.isEmpty }
    if removed.contains(where: \.isSyntax) { return true }
    let places = changedPlaces(fixes.flatMap(\.help.edits))
    let isAtChange = { (diagnostic: Diagnostic) in places.contains { $0.contains(diagnostic.span.start) } }
    if new.contains(where: isAtChange) { return false }
    return after.count { $0.severity == .error } <= before.count { $0.severity == .error }
  }

  /// Where the texts of the edits stand afterwards.
  private static func changedPlaces(_ edits: [Diagnostic.Edit]) -> [ClosedRange<Int>] {
    var shift = 0
    return edits.sorted { $0.span.start < $1.span.start }.map { edit in
      let start = edit.span.start + shift
      let length = edit.replacement.utf8.count
      shift += length - (edit.span.end - edit.span.start)
      return start...(start + length)
    }
  }

  private struct Key: Hashable {
    var code: String
    var message: String

    init(_ diagnostic: Diagnostic) {
      code = diagnostic.code
      message = diagnostic.message
    }
  }
}

extension Diagnostic.Edit {
  /// Whether applying both would be ambiguous.
  fileprivate func touches(_ other: Diagnostic.Edit) -> Bool {
    span.start <= other.span.end && other.span.start <= span.end
  }
}
