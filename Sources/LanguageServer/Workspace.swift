import Semantics
import Source
import Syntax

/// The files that the editor has open, and those beside them.
final class Workspace {
  /// A file that the editor has open: its text here is the truth.
  final class Document {
    let uri: String
    let path: String
    var version: Int?
    var file: SourceFile
    /// Whether its diagnostics must be published anew.
    var isStale = true
    var analysis: Analysis?

    init(uri: String, version: Int?, text: String) {
      self.uri = uri
      path = FileAddress.path(uri)
      self.version = version
      file = SourceFile(path: path, text: text)
    }
  }

  let files: FileAccess
  private(set) var documents: [String: Document] = [:]
  /// Closed documents whose diagnostics must go.
  private var closed: [String] = []
  /// The folders that the editor works in.
  private var folders: [String] = []

  init(_ files: FileAccess) { self.files = files }

  /// Takes the folders from the parameters of `initialize`.
  func open(_ parameters: JSON) {
    let listed = (parameters["workspaceFolders"]?.array ?? []).compactMap { $0["uri"]?.string }
    let root = parameters["rootUri"]?.string.map { [$0] } ?? []
    folders = (listed.isEmpty ? root : listed).map(FileAddress.path)
  }

  // MARK: Notifications

  func notify(_ method: String, _ parameters: JSON) {
    let document = parameters["textDocument"]
    guard let uri = document?["uri"]?.string else {
      if method == "workspace/didChangeWatchedFiles" { filesChanged(parameters) }
      return
    }
    switch method {
    case "textDocument/didOpen":
      documents[uri] = Document(uri: uri, version: document?["version"]?.integer, text: document?["text"]?.string ?? "")
      closed.removeAll { $0 == uri }
      refreshImporters(of: FileAddress.path(uri))
    case "textDocument/didChange":
      guard let open = documents[uri] else { return }
      open.version = document?["version"]?.integer
      for change in parameters["contentChanges"]?.array ?? [] { open.file = Self.apply(change, to: open.file) }
      open.analysis = nil
      open.isStale = true
      refreshImporters(of: open.path)
    case "textDocument/didClose":
      guard let open = documents.removeValue(forKey: uri) else { return }
      closed.append(uri)
      refreshImporters(of: open.path)
    case "textDocument/didSave": refreshImporters(of: FileAddress.path(uri))
    default: return
    }
  }

  private func filesChanged(_ parameters: JSON) {
    for change in parameters["changes"]?.array ?? [] {
      if let uri = change["uri"]?.string { refreshImporters(of: FileAddress.path(uri)) }
    }
  }

  /// What imports a file must be checked again.
  private func refreshImporters(of path: String) {
    for document in documents.values where document.analysis?.imports.contains(path) == true {
      document.analysis = nil
      document.isStale = true
    }
  }

  /// The file after a change of a part, or of all of it.
  private static func apply(_ change: JSON, to file: SourceFile) -> SourceFile {
    let text = change["text"]?.string ?? ""
    guard let start = TextPosition(change["range"]?["start"]), let end = TextPosition(change["range"]?["end"]) else {
      return SourceFile(path: file.path, text: text)
    }
    let first = file.offset(at: start)
    let last = max(first, file.offset(at: end))
    return SourceFile(path: file.path, bytes: file.bytes[..<first] + Array(text.utf8) + file.bytes[last...])
  }

  // MARK: Files

  func analysis(of document: Document) -> Analysis {
    if let known = document.analysis { return known }
    let analysis = Analysis(document.file, files: files, read: read)
    document.analysis = analysis
    return analysis
  }

  /// A file as it is now: as the editor has it, or as it lies on the disk.
  func read(_ path: String) -> ImportedFile {
    if let open = documents.values.first(where: { $0.path == path }) { return .file(open.file) }
    return files.read(path)
  }

  /// The address of a file, as the editor calls it.
  func uri(of path: String) -> String {
    documents.values.first { $0.path == path }?.uri ?? FileAddress.uri(path)
  }

  /// The open files and those of the editor's folders, each with its names.
  func allNames() -> [(file: SourceFile, names: NameTable)] {
    var result = documents.values.sorted { $0.uri < $1.uri }.map { ($0.file, analysis(of: $0).names) }
    var known = Set(documents.values.map(\.path))
    let near = documents.values.flatMap { $0.analysis?.imports ?? [] }
    for path in near.sorted() + folders.flatMap(files.list) where known.insert(path).inserted {
      guard case .file(let file) = files.read(path) else { continue }
      let names = NameResolver.table(of: parse(file).0) { [self] imported in
        guard case .file(let other) = read(files.resolve(imported, path)) else { return nil }
        return parse(other).0
      }
      result.append((file, names))
    }
    return result
  }

  // MARK: Diagnostics

  /// What is to be published since the last time.
  func takeDiagnostics() -> [(uri: String, version: Int?, diagnostics: [JSON])] {
    var result: [(uri: String, version: Int?, diagnostics: [JSON])] = closed.map { ($0, nil, []) }
    closed = []
    for document in documents.values.sorted(by: { $0.uri < $1.uri }) where document.isStale {
      document.isStale = false
      let analysis = analysis(of: document)
      result.append((document.uri, document.version, analysis.diagnostics.map { json($0, in: analysis) }))
    }
    return result
  }
}
