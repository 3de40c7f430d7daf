import Source
import Syntax

extension Workspace {
  /// A diagnostic as the protocol has it. One about an imported file stands at the import.
  func json(_ diagnostic: Diagnostic, in analysis: Analysis) -> JSON {
    let isOwn = diagnostic.span.file == analysis.file
    let place = isOwn ? diagnostic.span : importing(diagnostic.span.file.path, analysis)
    let text = isOwn ? "" : "\(diagnostic.location): "
    var fields: [(String, JSON)] = [
      ("range", place.range), ("severity", .integer(diagnostic.severity == .error ? 1 : 2)),
      ("code", .string(diagnostic.code)), ("source", .string("netc")),
      ("message", .string(text + Self.message(diagnostic, in: analysis.file))),
    ]
    if diagnostic.code == "N302" { fields.append(("tags", .array([.integer(1)]))) }
    var related = diagnostic.secondary.map { ($0.span, $0.text) }
    if !isOwn { related.insert((diagnostic.span, diagnostic.message), at: 0) }
    if !related.isEmpty {
      let places = related.map { span, text in
        JSON.object([("location", location(span)), ("message", .string(text))])
      }
      fields.append(("relatedInformation", .array(places)))
    }
    return .object(fields)
  }

  func location(_ span: SourceSpan) -> JSON {
    .object([("uri", .string(uri(of: span.file.path))), ("range", span.range)])
  }

  /// Where a file is imported; the start of the text when another file imports it.
  private func importing(_ path: String, _ analysis: Analysis) -> SourceSpan {
    for case .import(let node) in analysis.tree.declarations
    where files.resolve(node.path.value, analysis.file.path) == path {
      return node.path.span
    }
    for case .import(let node) in analysis.tree.declarations { return node.path.span }
    return analysis.file.span(0, 0)
  }

  /// The message with its facts and advice, line by line, for somebody who reads `file`.
  private static func message(_ diagnostic: Diagnostic, in file: SourceFile) -> String {
    var lines = [diagnostic.message]
    if let context = diagnostic.context { lines.append(context) }
    for note in diagnostic.notes {
      lines.append(note.text)
      for row in note.rows {
        let parts = [row.name, row.type, row.place.map { $0.lines(seenFrom: file) } ?? "", row.arithmetic]
        lines.append("  " + parts.filter { !$0.isEmpty }.joined(separator: "  "))
      }
    }
    lines += diagnostic.help.map { "help: \($0.text)" }
    return lines.joined(separator: "\n")
  }

  /// The fixes that diagnostics in a range offer.
  func codeActions(_ parameters: JSON, _ document: Document) -> JSON {
    let kinds = parameters["context"]?["only"]?.array?.compactMap(\.string)
    if let kinds, !kinds.contains(where: { $0.isEmpty || $0 == "quickfix" }) { return .array([]) }
    let analysis = analysis(of: document)
    guard let start = TextPosition(parameters["range"]?["start"]), let end = TextPosition(parameters["range"]?["end"])
    else { return .array([]) }
    let (first, last) = (document.file.offset(at: start), document.file.offset(at: end))
    let lines = document.file.line(at: first)...document.file.line(at: max(first, last))
    var actions: [JSON] = []
    for (index, diagnostic) in analysis.diagnostics.enumerated()
    where diagnostic.span.file == analysis.file && lines.overlaps(Self.lines(around: diagnostic.span, analysis)) {
      for help in diagnostic.help where !help.edits.isEmpty && analysis.isProved(help, of: index) {
        actions.append(
          .object([
            ("title", .string(help.text.hasPrefix("or ") ? String(help.text.dropFirst(3)) : help.text)),
            ("kind", .string("quickfix")),
            ("diagnostics", .array([json(diagnostic, in: analysis)])), ("isPreferred", .bool(help.isSure)),
            ("edit", edit(help.edits.map { ($0.span, $0.replacement) })),
          ]))
      }
    }
    return .array(actions)
  }

  /// The lines of a diagnostic and of the stage that it is about: whoever is there may want to mend it.
  private static func lines(around span: SourceSpan, _ analysis: Analysis) -> ClosedRange<Int> {
    let stage = analysis.names.stages.lazy.map(\.span)
      .filter { $0.file == span.file && $0.start <= span.start && $0.end >= span.end }
      .min { $0.end - $0.start < $1.end - $1.start }
    let whole = stage ?? span
    return whole.line...max(whole.line, whole.lastLine)
  }

  /// A `WorkspaceEdit`.
  func edit(_ edits: [(span: SourceSpan, text: String)]) -> JSON {
    var changes: [(String, [JSON])] = []
    for (span, text) in edits {
      let uri = uri(of: span.file.path)
      let change = JSON.object([("range", span.range), ("newText", .string(text))])
      if let index = changes.firstIndex(where: { $0.0 == uri }) {
        changes[index].1.append(change)
      } else {
        changes.append((uri, [change]))
      }
    }
    return .object([("changes", .object(changes.map { ($0.0, .array($0.1)) }))])
  }
}
