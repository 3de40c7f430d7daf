import Source
import Syntax

/// libFuzzer calls this with one input after the other: any bytes give a tree and at most one mistake more than are shown; they can
/// be shown, and their fixes applied.
@_cdecl("LLVMFuzzerTestOneInput")
package func parseInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let file = SourceFile(path: "fuzzed.net", bytes: UnsafeBufferPointer(start: bytes, count: count))
  let (tree, mistakes) = parse(file)
  precondition(mistakes.count <= Diagnostic.shownLimit + 1 && tree.span.end == count)
  for mistake in mistakes {
    precondition(0 <= mistake.span.start && mistake.span.start <= mistake.span.end && mistake.span.end <= count)
    for help in mistake.help where !help.edits.isEmpty { _ = file.applying(help.edits) }
  }
  if !mistakes.isEmpty { _ = DiagnosticRenderer().text(mistakes) }
  return 0
}
