import Semantics
import Source
import Syntax

/// The stages of the compiler in order: load, parse, elaborate, graph, differentiate, update, fuse, layouts, plan.
package struct Compilation: Sendable {
  package let file: SourceFile
  /// The models of the file in order; see `Elaboration`.
  package let models: [Model]
  /// Errors and warnings of syntax and meaning, in the order of the file.
  package let diagnostics: [Diagnostic]
  /// How many more there are.
  package let hidden: HiddenDiagnostics
  /// What was found at the places of the file, net by net, if it was asked for.
  package let observations: [Observations]

  /// Parses and elaborates `file`; `overrides` are the `--set` options in order, `read` gives the files that it imports; `provesFixes`
  /// says that only fixes that were tried are offered.
  package init(
    _ file: SourceFile, overrides: [SettingOverride] = [], isObserving: Bool = false,
    provesFixes: Bool = true, read: ImportReader = { _, _ in .failure("there is nothing to import from") }
  ) {
    let (tree, mistakes) = parse(file)
    let elaboration = elaborate(
      tree, mistakes: mistakes, overrides: overrides, isObserving: isObserving, provesFixes: provesFixes, read: read)
    self.file = file
    models = elaboration.models
    diagnostics = elaboration.diagnostics
    hidden = elaboration.hidden
    observations = elaboration.observations
  }

  package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
