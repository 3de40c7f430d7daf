import ArgumentParser
import Formatting
import Source

/// `netc fmt FILE…`
struct FormatCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "fmt", abstract: "Brings .net files into the canonical layout; comments and meaning stay.",
    discussion: "A file with mistakes in its syntax is left alone and the mistakes are shown.")

  @Argument(
    help: ArgumentHelp("The .net files; - reads standard input and writes standard output.", valueName: "file"),
    completion: .file(extensions: ["net"]))
  var files: [String]

  @Flag(help: "Change nothing; list the files that would change, and exit with 1 if there are any.")
  var check = false

  mutating func execute() throws(Failure) {
    var worst = ExitStatus.success
    for path in files {
      do throws(Failure) {
        let isChanged = try format(path)
        if check, isChanged { worst = worst == .success ? .diagnostics : worst }
      } catch {
        if !error.message.isEmpty { _ = error.reported() }
        worst = worst == .success ? error.status : worst
      }
    }
    if worst != .success { throw Failure(worst, "") }
  }

  /// Formats one file; true when its text changes.
  private func format(_ path: String) throws(Failure) -> Bool {
    let bytes =
      path == "-" ? try StandardInput.bytes(limit: CheckedFile.largestFile) : try CheckedFile.read(path)
    let name = path == "-" ? "<stdin>" : path
    let file = SourceFile(path: name, bytes: bytes)
    switch Formatting.format(file) {
    case .mistakes(let mistakes):
      var hidden = HiddenDiagnostics()
      hidden.isOpen = mistakes.count > Diagnostic.shownLimit
      let shown = Array(mistakes.prefix(Diagnostic.shownLimit))
      Terminal.note(DiagnosticRenderer(isColoured: Terminal.colours).text(shown, hidden: hidden))
      throw Failure(.diagnostics, "")
    case .meaningChanged:
      throw Failure(.internalError, "\(name): formatting would change what the file says, so it was left as it is")
    case .formatted(let text):
      let isChanged = !text.utf8.elementsEqual(bytes)
      if check {
        if isChanged { Terminal.result("\(name): would be formatted\n") }
      } else if path == "-" {
        Terminal.result(text)
      } else if isChanged {
        try CheckedFile.replace(path, with: Array(text.utf8))
        Terminal.result("\(path): formatted\n")
      }
      return isChanged
    }
  }
}
