extension SourceFile {
  /// The file after `edits`, which concern this file and do not overlap; insertions at one place keep their order.
  package func applying(_ edits: [Diagnostic.Edit]) -> SourceFile {
    var result: ContiguousArray<UInt8> = []
    var position = 0
    let order = edits.indices.sorted { (edits[$0].span.start, $0) < (edits[$1].span.start, $1) }
    for edit in order.map({ edits[$0] }) where edit.span.start >= position {
      result += bytes[position..<edit.span.start]
      result += edit.replacement.utf8
      position = edit.span.end
    }
    return SourceFile(path: path, bytes: result + bytes[position...])
  }
}
