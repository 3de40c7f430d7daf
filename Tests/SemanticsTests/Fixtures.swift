import Foundation
import Semantics
import Source
import Syntax

/// The root of the package.
let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// What the checker makes of a file, syntax included; `name` is a path from the root of the package.
func checked(file name: String, overrides: [SettingOverride] = []) throws -> Elaboration {
  let url = packageRoot.appending(path: name)
  return checked(SourceFile(path: url.lastPathComponent, bytes: try Data(contentsOf: url)), overrides: overrides)
}

/// What the checker makes of a text.
func checked(text: String, overrides: [SettingOverride] = []) -> Elaboration {
  checked(SourceFile(path: "test.net", text: text), overrides: overrides)
}

func checked(_ file: SourceFile, overrides: [SettingOverride] = []) -> Elaboration {
  let (tree, mistakes) = parse(file)
  return elaborate(tree, mistakes: mistakes, overrides: overrides)
}

extension Elaboration {
  /// `N104 message` for each diagnostic.
  var lines: [String] { diagnostics.map { "\($0.code) \($0.message)" } }
}
