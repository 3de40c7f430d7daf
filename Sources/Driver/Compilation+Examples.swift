import Semantics
import Source

extension Compilation {
  /// The example of a diagnostic's page, with its options and the files beside it.
  package init(_ example: DiagnosticCode.Example) {
    let overrides = example.set.compactMap { option -> SettingOverride? in
      let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
      return parts.count == 2 ? SettingOverride(key: parts[0], value: parts[1]) : nil
    }
    self.init(SourceFile(path: "example.net", bytes: example.bytes), overrides: overrides) { path, _ in
      example.files[path].map { .file(SourceFile(path: path, text: $0)) } ?? .failure("no such file or folder")
    }
  }
}
