import Source
import Syntax

// Fixes are tried before they are offered: what one makes of everything behind it is known only when it stands there.
extension Elaboration {
  /// How much effort is taken for the fixes of a file: those that come too late are left as advice.
  private static let effortLimit = 0.5

  /// The elaboration with only those fixes that take away their mistake and bring up nothing else; of the others the advice is left.
  /// The arguments are those that the file was elaborated with.
  func provingFixes(of file: SourceFile, overrides: [SettingOverride], read: ImportReader) -> Elaboration {
    var result = self
    var rest = Self.effortLimit
    for index in diagnostics.indices {
      for number in diagnostics[index].help.indices where !diagnostics[index].help[number].edits.isEmpty {
        let help = diagnostics[index].help[number]
        if rest < effort || !isProved(help, of: index, file, overrides, effort: &rest, read) {
          result.diagnostics[index].help[number].withholdEdits()
        }
      }
    }
    return result
  }

  /// Whether a fix of the diagnostic at `index` takes it away and brings up none. One in another file is not tried.
  package func isProved(_ help: Diagnostic.Help, of index: Int, _ file: SourceFile, read: ImportReader) -> Bool {
    var rest = Self.effortLimit
    return isProved(help, of: index, file, [], effort: &rest, read)
  }

  private func isProved(
    _ help: Diagnostic.Help, of index: Int, _ file: SourceFile, _ overrides: [SettingOverride], effort: inout Double,
    _ read: ImportReader
  ) -> Bool {
    // What stands in an option is not in a file.
    if help.edits.contains(where: { $0.span.file.path.hasPrefix("--set") }) { return false }
    guard help.edits.allSatisfy({ $0.span.file == file }) else { return true }
    let (tree, mistakes) = parse(file.applying(help.edits))
    let after = elaborate(tree, mistakes: mistakes, overrides: overrides, provesFixes: false, read: read)
    effort -= after.effort
    // Where not all are shown, the next one takes the place of the one that is gone.
    if hidden != HiddenDiagnostics() { return hidden.isOpen || after.count < count }
    var left: [String: Int] = [:]
    for diagnostic in diagnostics { left[diagnostic.unplacedMessage, default: 0] += 1 }
    left[diagnostics[index].unplacedMessage, default: 0] -= 1
    for diagnostic in after.diagnostics { left[diagnostic.unplacedMessage, default: 0] -= 1 }
    return left.values.allSatisfy { $0 >= 0 }
  }

  private var count: Int { diagnostics.count + hidden.errors + hidden.warnings }
}

extension Diagnostic {
  /// What is said, without the lines that it names: a fix may move them.
  fileprivate var unplacedMessage: String {
    guard message.contains("line ") else { return message }
    var words = message.split(separator: " ")
    for index in words.indices.dropFirst() where words[index - 1] == "line" { words[index] = "" }
    return words.joined(separator: " ")
  }
}
