import Semantics
import Source
import Syntax
import Vocabulary

extension Workspace {
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
    let edits = spans.map { Diagnostic.Edit($0, $0.text.hasPrefix("\"") ? "\"\(name)\"" : name) }
    if let problem = Renaming(edits, in: self).problem { throw refuse("`\(name)` \(problem)") }
    return edit(edits.map { ($0.span, $0.replacement) })
  }

  /// Whether `text` is a name of the language.
  private func isName(_ text: String) -> Bool {
    let found = tokens(of: SourceFile(path: "", text: text))
    return found.count == 2 && found[0].kind == .name && found[0].end == text.utf8.count && found[0].start == 0
  }
}

/// A change of names in several files, tried before anybody sees it.
private struct Renaming {
  private let workspace: Workspace
  private let edits: [String: [Diagnostic.Edit]]
  private let before: [(file: SourceFile, names: NameTable)]
  private var after: [String: SourceFile] = [:]

  init(_ edits: [Diagnostic.Edit], in workspace: Workspace) {
    self.workspace = workspace
    self.edits = Dictionary(grouping: edits) { $0.span.file.path }
    before = workspace.allNames()
    for (file, _) in before { after[file.path] = self.edits[file.path].map { file.applying($0) } }
  }

  /// A place where a name stands, and the place where what it stands for is declared.
  private struct Use: Hashable {
    var start: Int
    var declaration: Symbol.ID
  }

  /// Why the names cannot be changed: one would stand for something else, or the files would have a new mistake. Nil where all is well.
  var problem: String? {
    for (file, names) in before {
      let changed = after[file.path] ?? file
      let renamed = NameResolver.table(of: parse(changed).0) { path in
        guard case .file(let other) = read(workspace.files.resolve(path, file.path)) else { return nil }
        return parse(other).0
      }
      let old = Set(names.occurrences.map { use($0, isMoving: true) })
      let new = Set(renamed.occurrences.map { use($0, isMoving: false) })
      if let other = old.symmetricDifference(new).map(\.start).min() {
        return "stands for something else at \(file.path):\(changed.line(at: other))"
      }
      guard edits[file.path] != nil else { continue }
      var counts: [String: Int] = [:]
      for diagnostic in Analysis(file, files: workspace.files, read: workspace.read).diagnostics {
        counts[diagnostic.code, default: 0] += 1
      }
      for diagnostic in Analysis(changed, files: workspace.files, read: read).diagnostics {
        counts[diagnostic.code, default: 0] -= 1
        if counts[diagnostic.code, default: 0] < 0 { return "cannot be the name: \(diagnostic.message)" }
      }
    }
    return nil
  }

  private func read(_ path: String) -> ImportedFile { after[path].map { .file($0) } ?? workspace.read(path) }

  private func use(_ occurrence: NameTable.Occurrence, isMoving: Bool) -> Use {
    let (span, id) = (occurrence.span, occurrence.symbol.id)
    guard isMoving else { return Use(start: span.start, declaration: id) }
    return Use(
      start: moved(span.start, in: span.file.path),
      declaration: Symbol.ID(path: id.path, start: moved(id.start, in: id.path)))
  }

  /// Where the byte at `offset` is after the edits.
  private func moved(_ offset: Int, in path: String) -> Int {
    var moved = offset
    for edit in edits[path] ?? [] where edit.span.start < offset {
      moved += edit.replacement.utf8.count - (edit.span.end - edit.span.start)
    }
    return moved
  }
}
