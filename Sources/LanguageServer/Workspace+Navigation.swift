import Source
import Syntax

extension Workspace {
  func definition(at cursor: Cursor) -> JSON {
    for case .import(let node) in cursor.analysis.tree.declarations where node.path.span.touches(cursor.offset) {
      let path = files.resolve(node.path.value, cursor.document.path)
      guard case .file(let file) = read(path) else { return .null }
      return location(file.span(0, 0))
    }
    guard let found = cursor.analysis.names.occurrence(at: cursor.offset) else { return .null }
    return location(found.symbol.declaration)
  }

  /// Every place that names what stands at the cursor, in all files.
  func occurrences(of symbol: Symbol) -> [SourceSpan] {
    var spans: [SourceSpan] = []
    for (_, names) in allNames() {
      var seen: Set<Int> = []
      for occurrence in names.occurrences where occurrence.symbol.id == symbol.id {
        if seen.insert(occurrence.span.start).inserted { spans.append(occurrence.span) }
      }
    }
    return spans
  }

  func references(at cursor: Cursor, _ parameters: JSON) -> JSON {
    guard let found = cursor.analysis.names.occurrence(at: cursor.offset) else { return .array([]) }
    let withDeclaration = parameters["context"]?["includeDeclaration"]?.bool ?? true
    let spans = occurrences(of: found.symbol).filter { span in
      withDeclaration || span.start != found.symbol.id.start || span.file.path != found.symbol.id.path
    }
    return .array(spans.map(location))
  }

  func highlights(at cursor: Cursor) -> JSON {
    guard let found = cursor.analysis.names.occurrence(at: cursor.offset) else { return .array([]) }
    let spans = cursor.analysis.names.occurrences.filter { $0.symbol.id == found.symbol.id }.map(\.span)
    return .array(spans.map { .object([("range", $0.range)]) })
  }
}
