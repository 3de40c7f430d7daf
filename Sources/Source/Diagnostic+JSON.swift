extension Diagnostic {
  /// The diagnostic as one JSON object on one line. Lines and columns count from 1, columns in Unicode scalars; `byte` counts
  /// from 0.
  package var json: String {
    var fields = [
      ("code", Self.quoted(code)), ("severity", Self.quoted(severity.rawValue)), ("message", Self.quoted(message)),
      ("span", Self.json(span)),
    ]
    if let label { fields.append(("label", Self.quoted(label))) }
    if let context { fields.append(("context", Self.quoted(context))) }
    if !secondary.isEmpty {
      fields.append(
        (
          "labels",
          Self.array(secondary.map { Self.object([("span", Self.json($0.span)), ("text", Self.quoted($0.text))]) })
        ))
    }
    if !notes.isEmpty { fields.append(("notes", Self.array(notes.map(Self.json)))) }
    if !help.isEmpty { fields.append(("help", Self.array(help.map(Self.json)))) }
    return Self.object(fields)
  }

  /// The diagnostics as a JSON array, one to a line, and behind them the files that were not checked: these have neither a code nor a
  /// place in the file.
  package static func json(_ diagnostics: [Diagnostic], failures: [FileFailure] = []) -> String {
    let lines = diagnostics.map(\.json) + failures.map(json)
    return lines.isEmpty ? "[]\n" : "[\n" + lines.map { "  " + $0 }.joined(separator: ",\n") + "\n]\n"
  }

  private static func json(_ failure: FileFailure) -> String {
    object([
      ("severity", quoted(Severity.error.rawValue)), ("message", quoted(failure.message)),
      ("span", object([("file", quoted(failure.path))])),
    ])
  }

  private static func json(_ span: SourceSpan) -> String {
    func position(_ offset: Int) -> String {
      object([
        ("line", "\(span.file.line(at: offset))"), ("column", "\(span.file.column(at: offset))"), ("byte", "\(offset)"),
      ])
    }
    return object([
      ("file", quoted(span.file.path)), ("start", position(span.start)), ("end", position(span.end)),
    ])
  }

  private static func json(_ note: Note) -> String {
    var fields = [("text", quoted(note.text))]
    if !note.rows.isEmpty {
      let rows = note.rows.map { row in
        var fields = [("name", quoted(row.name)), ("type", quoted(row.type))]
        if let place = row.place { fields.append(("span", json(place))) }
        if !row.arithmetic.isEmpty { fields.append(("arithmetic", quoted(row.arithmetic))) }
        return object(fields)
      }
      fields.append(("rows", array(rows)))
    }
    return object(fields)
  }

  private static func json(_ help: Help) -> String {
    var fields = [("text", quoted(help.text))]
    if !help.edits.isEmpty {
      let edits = help.edits.map { object([("span", json($0.span)), ("replacement", quoted($0.replacement))]) }
      fields += [("edits", array(edits)), ("sure", help.isSure ? "true" : "false")]
    }
    return object(fields)
  }

  private static func object(_ fields: [(String, String)]) -> String {
    "{" + fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
  }

  private static func array(_ elements: [String]) -> String { "[" + elements.joined(separator: ", ") + "]" }

  /// `text` as a JSON string (RFC 8259, section 7).
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
