import Foundation
import Source
import Syntax

/// The root of the package.
let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// The files in `folder`, a path from the root of the package, whose names end in `suffix`; sorted.
func files(in folder: String, suffix: String) -> [URL] {
  let all = try? FileManager.default.contentsOfDirectory(
    at: packageRoot.appending(path: folder), includingPropertiesForKeys: nil)
  return (all ?? []).filter { $0.lastPathComponent.hasSuffix(suffix) }.sorted { $0.path < $1.path }
}

/// The file at `url` under its last name, as a user in its folder would give it.
func sourceFile(_ url: URL) throws -> SourceFile {
  SourceFile(path: url.lastPathComponent, bytes: try Data(contentsOf: url))
}

/// The codes of the mistakes in `text`, in order.
func codes(_ text: String) -> [String] {
  parse(SourceFile(path: "test.net", text: text)).1.map(\.code)
}
