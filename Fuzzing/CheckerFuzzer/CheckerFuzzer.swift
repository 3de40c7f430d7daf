import Semantics
import Source
import Syntax

/// libFuzzer calls this with one input after the other.
@_cdecl("LLVMFuzzerTestOneInput")
package func checkInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  check(UnsafeBufferPointer(start: bytes, count: count))
  return 0
}

/// Checks a file as `netc check` does, with a file to import and, from a first line `# --set KEY=VALUE`, an override.
private func check(_ bytes: UnsafeBufferPointer<UInt8>) {
  let file = SourceFile(path: "fuzzed.net", bytes: bytes)
  let (tree, mistakes) = parse(file)
  var overrides: [SettingOverride] = []
  if let comment = tree.comments.first?.span.text, comment.hasPrefix("# --set ") {
    let parts = comment.dropFirst(8).split(separator: "=", maxSplits: 1).map(String.init)
    if parts.count == 2 { overrides.append(SettingOverride(key: parts[0], value: parts[1])) }
  }
  // Trying every fix takes as long as twenty files.
  let provesFixes = bytes.count % 16 == 0
  let found = elaborate(tree, mistakes: mistakes, overrides: overrides, provesFixes: provesFixes) { path, _ in
    path == "part.net" ? .file(part) : .failure("there is no such file")
  }
  if !found.diagnostics.isEmpty { _ = DiagnosticRenderer().text(found.diagnostics) }
  // What a diagnostic offers can be applied, and the result be read.
  if let help = found.diagnostics.lazy.flatMap(\.help).first(where: { !$0.edits.isEmpty }),
    help.edits.allSatisfy({ $0.span.file == file })
  {
    _ = parse(file.applying(help.edits))
  }
  for model in found.models { precondition(model.parameterCount >= 0) }
}

private let part = SourceFile(
  path: "part.net",
  text: "const width = 8\nblock part(n = 2) {\n  input x: f32[c]\n  output y = x -> repeat n { linear(c) -> relu }\n}\n"
)
