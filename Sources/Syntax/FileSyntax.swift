import Source

/// A whole file: its declarations in order, and what is needed beside them to print it again.
package struct FileSyntax: SyntaxNode {
  package let declarations: [DeclarationSyntax]
  /// Every comment of the file, in order.
  package let comments: [CommentSyntax]
  /// The numbers, from 1, of the lines that hold nothing, ascending.
  package let blankLines: [Int]
  package let span: SourceSpan

  /// The file the tree was parsed from.
  package var file: SourceFile { span.file }
}

/// A comment, from its `#` to the end of the line.
package struct CommentSyntax: SyntaxNode {
  package let span: SourceSpan
  /// Whether nothing but blanks stands before it on its line.
  package let isOnItsOwnLine: Bool
}
