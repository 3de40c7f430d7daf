/// Lays diagnostics out for people: the message, the lines it is about with marks below them, facts and advice.
package struct DiagnosticRenderer: Sendable {
  /// Whether to colour with ANSI escapes; for terminals that want it.
  package var isColoured: Bool
  /// Whether `--fix` has been: the fixes that are left are for people to choose.
  package var isAfterRepair: Bool

  /// A renderer, without colour unless asked.
  package init(isColoured: Bool = false, isAfterRepair: Bool = false) {
    self.isColoured = isColoured
    self.isAfterRepair = isAfterRepair
  }

  /// The diagnostic over several lines, the last of which ends with a newline.
  package func text(_ diagnostic: Diagnostic) -> String {
    let gutter = String(repeating: " ", count: gutterWidth(diagnostic))
    var lines = [heading(diagnostic)]
    let arrow = paint("-->", .frame)
    let context = diagnostic.context.map { "   " + DisplayText.escaped($0) } ?? ""
    lines.append("\(gutter)\(arrow) \(diagnostic.location)\(context)")
    let snippet = snippet(diagnostic, gutter)
    if !snippet.isEmpty {
      let rule = gutter + " " + paint("|", .frame)
      let hasMore = !diagnostic.notes.isEmpty || !diagnostic.help.isEmpty
      lines += [rule] + snippet + (hasMore ? [rule] : [])
    }
    for note in diagnostic.notes { lines += render(note, of: diagnostic, gutter) }
    for help in diagnostic.help { lines += render(help, gutter) }
    return lines.map(\.trimmedAtEnd).joined(separator: "\n") + "\n"
  }

  /// The diagnostics with blank lines between them, and below them how many there are, and how many more; empty for none.
  package func text(_ diagnostics: [Diagnostic], hidden: HiddenDiagnostics = HiddenDiagnostics()) -> String {
    if diagnostics.isEmpty { return "" }
    let more = hidden.text.map { "; \($0)" } ?? ""
    return diagnostics.map { text($0) + "\n" }.joined() + summary(diagnostics) + more + "\n"
  }

  /// How many errors and warnings there are: `2 errors, 1 warning`.
  package func summary(_ diagnostics: [Diagnostic]) -> String {
    let errors = diagnostics.count { $0.severity == .error }
    let warnings = diagnostics.count - errors
    var parts: [String] = []
    if errors > 0 { parts.append(paint(errors == 1 ? "1 error" : "\(errors) errors", .severity(.error))) }
    if warnings > 0 { parts.append(paint(warnings == 1 ? "1 warning" : "\(warnings) warnings", .severity(.warning))) }
    return parts.joined(separator: ", ")
  }

  private func heading(_ diagnostic: Diagnostic) -> String {
    let code = paint("\(diagnostic.severity.rawValue)[\(diagnostic.code)]", .severity(diagnostic.severity))
    return code + paint(": " + DisplayText.escaped(diagnostic.message), .strong)
  }

  /// The width of the column of line numbers.
  private func gutterWidth(_ diagnostic: Diagnostic) -> Int {
    let last = diagnostic.secondary.map(\.span.line).reduce(diagnostic.span.line, max)
    return max(2, String(last).count)
  }

  // MARK: Facts and advice

  /// The column at which "[fix available]" stands when the advice leaves room.
  private static let fixColumn = 65

  private func render(_ note: Diagnostic.Note, of diagnostic: Diagnostic, _ gutter: String) -> [String] {
    var lines = note.text.lines.map { DisplayText.escaped($0) }
    let indentation = gutter + "     "
    lines = [gutter + " " + paint("=", .frame) + " " + lines[0]] + lines.dropFirst().map { indentation + $0 }
    return lines + table(note.rows, of: diagnostic).map { indentation + $0 }
  }

  private func render(_ help: Diagnostic.Help, _ gutter: String) -> [String] {
    let lines = help.text.lines.map { DisplayText.escaped($0) }
    var first = gutter + " = help: " + lines[0]
    if !help.edits.isEmpty { first = first.padded(to: max(Self.fixColumn, DisplayText.width(of: first) + 2)) }
    let plain = first.dropFirst((gutter + " = help: ").count)
    let painted = gutter + " " + paint("=", .frame) + " " + paint("help", .strong) + ": " + plain
    let mark = help.edits.isEmpty ? "" : paint(isAfterRepair ? "[yours to choose]" : "[fix available]", .fix)
    return [painted + mark] + lines.dropFirst().map { gutter + "     " + $0 }
  }

  /// The rows with their columns aligned: name, type, line, arithmetic.
  private func table(_ rows: [Diagnostic.Row], of diagnostic: Diagnostic) -> [String] {
    func width(_ texts: [String]) -> Int { texts.map { DisplayText.width(of: $0) }.max() ?? 0 }
    let names = rows.map { DisplayText.escaped($0.name) }
    let types = rows.map { DisplayText.escaped($0.type) }
    let nameWidth = width(rows.indices.filter { !types[$0].isEmpty }.map { names[$0] })
    let sizes = rows.indices.map { types[$0].isEmpty ? names[$0] : names[$0].padded(to: nameWidth + 2) + types[$0] }
    let sizeWidth = width(sizes)
    let places = rows.map { $0.place.map { DisplayText.escaped($0.lines(seenFrom: diagnostic.span.file)) } ?? "" }
    let placeWidth = width(rows.indices.filter { !rows[$0].arithmetic.isEmpty }.map { places[$0] })
    return rows.indices.map { row in
      let place = places[row].padded(to: placeWidth + 3)
      let line = sizes[row].padded(to: sizeWidth + 4) + place + DisplayText.escaped(rows[row].arithmetic)
      return line.trimmedAtEnd
    }
  }

  // MARK: Colour

  /// What a piece of text is, for its colour.
  enum Paint {
    case severity(Diagnostic.Severity)
    case frame, strong, fix
  }

  /// `text` in the colour of `paint`, if colour is wanted.
  func paint(_ text: String, _ paint: Paint) -> String {
    guard isColoured, !text.isEmpty else { return text }
    let code =
      switch paint {
      case .severity(.error): "1;31"
      case .severity(.warning): "1;33"
      case .frame: "1;34"
      case .strong: "1"
      case .fix: "32"
      }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }
}

extension Diagnostic {
  /// The place as `path:line:column`, safe to show on a terminal.
  package var location: String {
    if span.file.isOption { return span.file.optionText }
    return "\(DisplayText.escaped(span.file.path)):\(span.line):\(span.column)"
  }

  /// The diagnostic on one line, in the form that editors read: `alexnet.net:6:28: error[N121]: … [fix available]`.
  package var oneLine: String {
    let fix = hasFix ? " [fix available]" : ""
    let inContext = context.map { " (\(DisplayText.escaped($0)))" } ?? ""
    return "\(location): \(severity.rawValue)[\(code)]: \(DisplayText.escaped(message))\(inContext)\(fix)"
  }
}
