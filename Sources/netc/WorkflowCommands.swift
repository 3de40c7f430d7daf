import Source

/// Diagnostics as workflow commands, which GitHub shows beside the lines of a change: `::error file=…,line=…::message`.
struct WorkflowCommands {
  let diagnostics: [Diagnostic]
  let failures: [FileFailure]

  init(_ diagnostics: [Diagnostic], failures: [FileFailure] = []) {
    self.diagnostics = diagnostics
    self.failures = failures
  }

  /// A line for each diagnostic, and for each file that was not checked.
  var text: String { (diagnostics.map(command) + failures.map(command)).map { $0 + "\n" }.joined() }

  private func command(_ failure: FileFailure) -> String {
    "::error file=\(WorkflowCommands.property(failure.path))::\(WorkflowCommands.data(failure.message))"
  }

  private func command(_ diagnostic: Diagnostic) -> String {
    let span = diagnostic.span
    let endLine = span.lastLine
    var properties = [("file", span.file.path), ("line", String(span.line)), ("endLine", String(endLine))]
    // Columns mean something to GitHub on one line only.
    if endLine == span.line {
      let end = max(span.column, span.file.column(at: span.end) - 1)
      properties += [("col", String(span.column)), ("endColumn", String(end))]
    }
    properties.append(("title", diagnostic.code))
    let context = diagnostic.context.map { " (\($0))" } ?? ""
    let lines = [diagnostic.message + context] + diagnostic.help.map { "help: \($0.text)" }
    let text = properties.map { "\($0)=\(WorkflowCommands.property($1))" }.joined(separator: ",")
    return "::\(diagnostic.severity.rawValue) \(text)::\(WorkflowCommands.data(lines.joined(separator: "\n")))"
  }

  private static func data(_ text: String) -> String {
    escaped(text, ["%": "%25", "\r": "%0D", "\n": "%0A"])
  }

  private static func property(_ text: String) -> String {
    escaped(text, ["%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"])
  }

  private static func escaped(_ text: String, _ replacements: [Unicode.Scalar: String]) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if let replacement = replacements[scalar] {
        result += replacement
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
