import Formatting
import Semantics
import Source
import Syntax

/// A file with everything that is known of it.
final class Analysis {
  let file: SourceFile
  let tree: FileSyntax
  var diagnostics: [Diagnostic] { elaboration.diagnostics }
  var observations: [Observations] { elaboration.observations }
  /// Found when it is first asked for: diagnostics do without.
  private(set) lazy var names = findNames()
  /// The files that it imports, directly or not, by their paths.
  let imports: Set<String>
  private let findNames: () -> NameTable
  private let elaboration: Elaboration
  private let readImport: (String, SourceFile) -> ImportedFile

  /// Checks `file`; `read` gives other files as they are now.
  init(_ file: SourceFile, files: FileAccess, read: @escaping (String) -> ImportedFile) {
    let (tree, mistakes) = parse(file)
    var imports: Set<String> = []
    func imported(_ path: String, _ importer: SourceFile) -> ImportedFile {
      let resolved = files.resolve(path, importer.path)
      imports.insert(resolved)
      return read(resolved)
    }
    let elaboration = withoutActuallyEscaping(imported) { reader in
      // Fixes are tried when somebody asks for them.
      elaborate(tree, mistakes: mistakes, isObserving: true, provesFixes: false, read: reader)
    }
    self.file = file
    self.tree = tree
    self.elaboration = elaboration
    readImport = { path, importer in read(files.resolve(path, importer.path)) }
    findNames = {
      NameResolver.table(of: tree) { path in
        guard case .file(let other) = read(files.resolve(path, file.path)) else { return nil }
        return parse(other).0
      }
    }
    self.imports = imports
  }

  /// Whether a fix of the diagnostic at `index` takes it away and brings up none.
  func isProved(_ help: Diagnostic.Help, of index: Int) -> Bool {
    elaboration.isProved(help, of: index, file, read: readImport)
  }

  /// What is known of the stage at `span`, from the first net that reaches it.
  func stage(at span: SourceSpan) -> Observations.Stage? {
    observations.lazy.compactMap { $0.stages[span] }.first
  }

  /// What is known of the name that is declared at `span`.
  func name(at span: SourceSpan) -> Observations.Name? {
    observations.lazy.compactMap { $0.names[span] }.first
  }

  /// The net, block or train section around `offset`; one that is not closed yet goes on to the cursor.
  func declaration(around offset: Int) -> DeclarationSyntax? {
    tree.declarations.last { $0.span.start <= offset }
      .flatMap { $0.span.touches(offset) || !$0.span.text.hasSuffix("}") ? $0 : nil }
  }
}
