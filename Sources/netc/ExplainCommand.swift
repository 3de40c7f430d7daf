import ArgumentParser
import Driver
import Semantics
import Source

/// `netc explain CODE…`
struct ExplainCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Tells what an error or a warning means, with a wrong and a right example.",
    discussion: "Without a code, lists all of them.")

  @Argument(
    help: ArgumentHelp("What stands in the brackets of a message: N104.", valueName: "code"),
    completion: .list(diagnosticCodes.map(\.code)))
  var codes: [String] = []

  mutating func execute() throws(Failure) {
    if codes.isEmpty {
      Terminal.result(diagnosticCodes.map { "\($0.code)  \($0.title)\n" }.joined())
      return
    }
    var pages: [String] = []
    for code in codes {
      guard let known = diagnosticCodes.first(where: { $0.code == code.uppercased() }) else {
        throw Failure(.usage, "there is no code `\(code)`", help: "`netc explain` lists them")
      }
      pages.append(ExplainCommand.page(known))
    }
    Terminal.result(pages.joined(separator: "\n"))
  }

  /// The page for the terminal, 100 columns wide.
  private static func page(_ code: DiagnosticCode) -> String {
    let options = code.wrong.set.map { " with --set \($0)" }.joined()
    let reading = DiagnosticRenderer().text(Compilation(code.wrong).diagnostics)
    return """
      \(code.code): \(code.title)

      \(wrapped(code.what))

      \(wrapped(code.why))

      Wrong\(options):

      \(indented(code.wrong.text))

      netc check says:

      \(indented(reading.split(separator: "\n", omittingEmptySubsequences: false).dropLast(3).joined(separator: "\n")))

      Right\(code.right.set.map { " with --set \($0)" }.joined()):

      \(indented(code.right.text))

      """
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    " + $0 }
      .joined(separator: "\n")
  }

  /// The paragraph in lines of at most 100 characters.
  private static func wrapped(_ paragraph: String) -> String {
    var lines = [""]
    for word in paragraph.split(separator: " ") {
      let longer = lines[lines.count - 1].isEmpty ? String(word) : lines[lines.count - 1] + " " + word
      if longer.count > 100 { lines.append(String(word)) } else { lines[lines.count - 1] = longer }
    }
    return lines.joined(separator: "\n")
  }
}
