package import Source
package import Syntax

/// `--set KEY=VALUE`: a setting of every `train` section (`batch`) or a parameter of a net (`Net.classes`).
package struct SettingOverride: Hashable, Sendable {
  package var key: String
  package var value: String

  package init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}

/// What a file means: its models, in the order of the file, and what is wrong with it.
package struct Elaboration: Sendable {
  /// One model for each `train` section, and one for each net that no section trains and whose parameters all have defaults.
  package var models: [Model]
  /// Errors and warnings, in the order of the file.
  package var diagnostics: [Diagnostic]
}

/// Checks a parsed file and gives its models. An error anywhere leaves out only the models that it concerns.
package func elaborate(_ file: FileSyntax, overrides: [SettingOverride] = []) -> Elaboration {
  Elaboration(models: [], diagnostics: [])
}
