import Semantics
import Source
import Syntax

/// A text whose imports name copies of the imported files that lie beside it, as a run keeps them.
package struct BundledImports: Sendable {
  /// The text with the new paths.
  package let text: String
  /// The files that it imports, and those that these import, by their new names.
  package private(set) var files: [(name: String, text: String)] = []
  private var names: [String: String] = [:]

  /// - Parameters:
  ///   - text: stands in for the text of `file`, from which its imports' paths are seen.
  ///   - read: gives the imported files; those that it cannot give stay as they are.
  package init(_ text: String, of file: SourceFile, read: ImportReader) {
    var bundle = BundledImports(plain: text)
    let rewritten = bundle.rewritten(SourceFile(path: file.path, text: text), read)
    self.text = rewritten
    files = bundle.files
  }

  private init(plain text: String) { self.text = text }

  private mutating func rewritten(_ file: SourceFile, _ read: ImportReader) -> String {
    var result: [UInt8] = []
    var position = 0
    for case .import(let node) in parse(file).0.declarations where !node.path.value.isEmpty {
      guard case .file(let found) = read(node.path.value, file) else { continue }
      result += file.bytes[position..<node.path.span.start]
      result += Array("\"\(name(of: found, read))\"".utf8)
      position = node.path.span.end
    }
    return String(decoding: result + file.bytes[position...], as: UTF8.self)
  }

  /// The new name of a file, which joins the bundle when it is met first.
  private mutating func name(of file: SourceFile, _ read: ImportReader) -> String {
    if let name = names[file.path] { return name }
    let last = file.path.split(separator: "/").last.map(String.init) ?? "file.net"
    let name = "imported-\(names.count + 1)-\(last)"
    names[file.path] = name
    files.append((name, rewritten(file, read)))
    return name
  }
}
