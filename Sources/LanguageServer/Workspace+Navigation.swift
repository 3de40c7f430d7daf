import Source
import Syntax
import Vocabulary

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
  private func occurrences(of symbol: Symbol) -> [SourceSpan] {
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

  func prepareRename(at cursor: Cursor) -> JSON {
    guard let found = cursor.analysis.names.occurrence(at: cursor.offset) else { return .null }
    return .object([("range", found.span.range), ("placeholder", .string(found.symbol.name))])
  }

  /// The edits that give what stands at the cursor another name, wherever it is named.
  func rename(at cursor: Cursor, to name: String) throws(LanguageServer.RequestError) -> JSON {
    func refuse(_ message: String) -> LanguageServer.RequestError {
      LanguageServer.RequestError(code: LanguageServer.RequestError.requestFailed, message: message)
    }
    guard let symbol = cursor.analysis.names.occurrence(at: cursor.offset)?.symbol else {
      throw refuse("there is nothing to rename here")
    }
    let isText = symbol.isQuoted && !name.isEmpty && !name.contains { "\"\\\n\r\t".contains($0) }
    guard isText || isName(name) else {
      throw refuse("`\(name)` is not a name: letters, digits and `_`, no reserved word")
    }
    if symbol.kind == .net || symbol.kind == .block, WordContext.net.word(name) != nil {
      throw refuse("`\(name)` is a word of the language")
    }
    let spans = occurrences(of: symbol)
    let paths = Set(spans.map(\.file.path))
    for (file, names) in allNames() where paths.contains(file.path) {
      let others = names.occurrences.map(\.symbol) + Array(names.declared.values)
      if others.contains(where: { $0.name == name && $0.id != symbol.id && $0.sharesNames(with: symbol) }) {
        throw refuse("`\(name)` is declared already")
      }
    }
    return edit(spans.map { ($0, $0.text.hasPrefix("\"") ? "\"\(name)\"" : name) })
  }

  /// Whether `text` is a name of the language.
  private func isName(_ text: String) -> Bool {
    let found = tokens(of: SourceFile(path: "", text: text))
    return found.count == 2 && found[0].kind == .name && found[0].end == text.utf8.count && found[0].start == 0
  }
}
