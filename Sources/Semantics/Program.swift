import Source
import Syntax

/// A file that another one imports, or why it cannot be read: follows "cannot be imported: ".
package enum ImportedFile: Sendable {
  case file(SourceFile)
  /// `near` is the path of a file beside it that was probably meant.
  case failure(String, near: String? = nil)
}

/// Reads the file that `importer` names by `path`, relative to its own place. The same file always has the same path.
package typealias ImportReader = (_ path: String, _ importer: SourceFile) -> ImportedFile

/// The declarations of a file and of those that it imports.
struct Program: Sendable {
  /// What can be named in one file: its own declarations, and those of the files that it imports.
  struct Scope: Sendable {
    var nets: [String: NetSyntax] = [:]
    var constants: [String: ConstSyntax] = [:]

    /// Where a name is declared.
    func place(_ name: String) -> SourceSpan? { nets[name]?.name.span ?? constants[name]?.name.span }
  }

  /// The nets and blocks of the file itself, in order.
  private(set) var netOrder: [NetSyntax] = []
  private(set) var trains: [TrainSyntax] = []
  let comments: [CommentSyntax]
  let file: SourceFile
  /// How long a chain of imports may be.
  private static let depthLimit = 64
  private var scopes: [SourceFile: Scope] = [:]

  /// What can be named in the file itself.
  var nets: [String: NetSyntax] { scope(of: file).nets }
  var constants: [String: ConstSyntax] { scope(of: file).constants }

  func scope(of file: SourceFile) -> Scope { scopes[file] ?? Scope() }

  /// The files with an import that could not be read: what they name may be declared there.
  private var incomplete: Set<SourceFile> = []

  /// Whether something of a file's imports is unknown; nil stands for the file itself.
  func lacksImports(_ file: SourceFile?) -> Bool { incomplete.contains(file ?? self.file) }

  /// Whether the name of a net or block could not be read: it is probably the one that is missing elsewhere.
  let hasNamelessNet: Bool
  /// Whether the file has a constant whose name could not be read.
  let hasNamelessConstant: Bool

  /// The files that declare a net, a block or a constant of this name.
  func files(declaring name: String) -> [SourceFile] {
    let places = scopes.values.compactMap { $0.place(name)?.file }
    return Set(places).sorted { $0.path < $1.path }
  }

  /// Registers the declarations and reads what is imported; mistakes and duplicates are reported and left out.
  init(_ tree: FileSyntax, _ reporter: inout Reporter, read: ImportReader) {
    file = tree.file
    hasNamelessConstant = tree.declarations.contains {
      if case .const(let node) = $0 { node.name.isDoubtful } else { false }
    }
    hasNamelessNet =
      tree.declarations.contains { if case .net(let node) = $0 { node.name.isDoubtful } else { false } }
      || reporter.hasBodyWithoutHeader
    comments = tree.comments
    for declaration in tree.declarations {
      if case .train(let node) = declaration { trains.append(node) }
    }
    var own: [SourceFile: Scope] = [:]
    load(tree, [], &own, &reporter, read)
    netOrder = tree.declarations.compactMap { declaration in
      guard case .net(let node) = declaration, let net = nets[node.name.text], net.name.span == node.name.span else {
        return nil
      }
      return net
    }
  }

  /// Registers a file after the files that it imports. `importers` are the files on the way to it.
  private mutating func load(
    _ tree: FileSyntax, _ importers: [SourceFile], _ own: inout [SourceFile: Scope], _ reporter: inout Reporter,
    _ read: ImportReader
  ) {
    let declared = Program.declarations(of: tree, &reporter)
    own[tree.file] = declared
    var visible = declared
    let chain = importers + [tree.file]
    if reporter.hasUnreadImport(in: tree.file) { incomplete.insert(tree.file) }
    for case .import(let node) in tree.declarations {
      if let mistake = Program.mistake(in: node) {
        incomplete.insert(tree.file)
        reporter.report(mistake)
        continue
      }
      switch read(node.path.value, tree.file) {
      case .failure(let reason, let near):
        incomplete.insert(tree.file)
        reporter.report(
          Diagnostic(
            .importing,
            "`\(node.path.value)` cannot be imported: \(reason)\(near.map { "; did you mean `\($0)`?" } ?? "")",
            at: node.path.span,
            help: near.map {
              [
                .init(
                  "write `\"\($0)\"`", edits: [.init(node.path.span, "\"\($0)\"")],
                  isSure: isSlip(node.path.value, for: $0))
              ]
            } ?? []))
      case .file(let found):
        if found.path == tree.file.path {
          Program.report(
            .importing, "`\(node.path.value)` is this file: it cannot import itself", node.path.span, &reporter)
          continue
        }
        if let start = chain.firstIndex(where: { $0.path == found.path }) {
          let circle = (chain[start...].map(\.path) + [found.path]).joined(separator: " -> ")
          Program.report(.importing, "files import one another: \(circle)", node.path.span, &reporter)
          continue
        }
        if chain.count >= Program.depthLimit {
          Program.report(
            .importing, "files import files more than \(Program.depthLimit) deep", node.path.span, &reporter)
          continue
        }
        if found.bytes.prefix(4096).contains(0) {
          incomplete.insert(tree.file)
          Program.report(
            .importing, "`\(node.path.value)` cannot be imported: it is no text", node.path.span, &reporter)
          continue
        }
        let known = own.keys.first { $0.path == found.path }
        if known == nil {
          let (imported, mistakes) = parse(found)
          for mistake in mistakes { reporter.report(mistake) }
          load(imported, chain, &own, &reporter, read)
        }
        add(own[known ?? found] ?? Scope(), to: &visible, from: node, &reporter)
      }
    }
    scopes[tree.file] = visible
  }

  /// What is wrong with the path of an import, whatever lies there: it is seen from the file that holds it, so that a project can be moved.
  private static func mistake(in node: ImportSyntax) -> Diagnostic? {
    let path = node.path.value
    let bytes = Array(path.utf8)
    let isDrive = bytes.count > 2 && path.first?.isLetter == true && bytes[1] == UInt8(ascii: ":")
    if path.isEmpty {
      return Diagnostic(
        .importing, "an `import` names a file", at: node.path.span, help: [.init("such as `import \"blocks.net\"`")])
    }
    if path.hasSuffix("/") || [".", ".."].contains(path.split(separator: "/").last ?? "") {
      return Diagnostic(.importing, "`\(path)` is a folder: an `import` names a file", at: node.path.span)
    }
    guard path.hasPrefix("/") || path.hasPrefix("~") || isDrive else { return nil }
    let name = path.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? "blocks.net"
    return Diagnostic(
      .importing, "`\(path)` cannot be imported: the path of an import is relative to the file that it stands in",
      at: node.path.span,
      help: [.init("write the way from there: `\"\(name)\"` beside it, `\"../\(name)\"` one folder up")])
  }

  /// Makes the declarations of an imported file visible; a name that is there already is a clash.
  private func add(
    _ imported: Scope, to visible: inout Scope, from node: ImportSyntax, _ reporter: inout Reporter
  ) {
    func isNew(_ name: String, _ place: SourceSpan) -> Bool {
      guard let first = visible.place(name), first != place else { return true }
      Program.report(
        .duplicateName,
        "`\(name)` is declared in \(first.file.path), line \(first.line), and in \(place.file.path), line \(place.line)",
        node.path.span, &reporter)
      return false
    }
    for (name, net) in imported.nets.sorted(by: { $0.key < $1.key }) where isNew(name, net.name.span) {
      visible.nets[name] = net
    }
    for (name, constant) in imported.constants.sorted(by: { $0.key < $1.key }) where isNew(name, constant.name.span) {
      visible.constants[name] = constant
    }
  }

  /// The declarations of one file.
  private static func declarations(of tree: FileSyntax, _ reporter: inout Reporter) -> Scope {
    var scope = Scope()
    func isNew(_ name: NameSyntax, _ reporter: inout Reporter) -> Bool {
      if name.isMissing { return false }
      guard let first = scope.place(name.text) else { return true }
      reporter.report(
        Diagnostic(
          .duplicateName, "`\(name.text)` is declared twice", at: name.span,
          secondary: [.init(first, "first declared here")]))
      return false
    }
    for declaration in tree.declarations {
      switch declaration {
      case .import, .train: continue
      case .const(let node):
        if isNew(node.name, &reporter) { scope.constants[node.name.text] = node }
      case .net(let node):
        if words.layers[node.name.text] != nil {
          report(
            .duplicateName,
            "`\(node.name.text)` is a layer of the language; the \(node.kind.rawValue) needs another name",
            node.name.span, &reporter)
        } else if isNew(node.name, &reporter) {
          scope.nets[node.name.text] = readingInputs(of: node, &reporter)
        }
      }
    }
    return scope
  }

  private static func report(
    _ code: DiagnosticCode, _ message: String, _ span: SourceSpan, _ reporter: inout Reporter
  ) {
    reporter.report(Diagnostic(code, message, at: span))
  }
}
