import Source

/// The tree of `file` and the mistakes in its syntax, in the order of the file.
///
/// Total: any bytes give a tree. Where something could not be read the tree holds `missing` nodes, which stand only where a
/// mistake was reported.
package func parse(_ file: SourceFile) -> (FileSyntax, [Diagnostic]) {
  let lexed = Lexer.tokens(of: file)
  var parser = Parser(file, lexed)
  let declarations = parser.declarations()
  let tree = FileSyntax(
    declarations: declarations, comments: lexed.comments, blankLines: lexed.blankLines,
    span: file.span(0, file.bytes.count))
  return (tree, lexed.mistakes.merged(with: parser.mistakes, comments: parser.comments))
}

/// The tokens of `file`, `end` last; what the lexer reports stands for itself or is left out.
package func tokens(of file: SourceFile) -> ContiguousArray<Token> { Lexer.tokens(of: file).tokens }

/// The tree of `text` as one flow, for `--set KEY=VALUE`; `name` stands for the file in diagnostics: `--set batch`.
package func parseExpression(_ text: String, name: String) -> (FlowSyntax, [Diagnostic]) {
  let file = SourceFile(path: name, text: text)
  let lexed = Lexer.tokens(of: file)
  var parser = Parser(file, lexed)
  let flow = parser.loneFlow()
  return (flow, lexed.mistakes.merged(with: parser.mistakes, comments: parser.comments))
}
