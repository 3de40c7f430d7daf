import Source

/// A node of the tree. Nodes are values that remember where they were written and say nothing about meaning.
package protocol SyntaxNode: Sendable {
  /// The bytes of the node, without comments and blanks around it.
  var span: SourceSpan { get }
}

/// A name as written. After a syntax error its text may be empty: the name was missing.
package struct NameSyntax: SyntaxNode {
  package let text: String
  package let span: SourceSpan

  /// Whether the parser put the node where it expected a name; the mistake has been reported.
  package var isMissing: Bool { text.isEmpty }

  /// Whether it is missing, or a word of the language in its place: other places may know what is meant by another name.
  package var isDoubtful: Bool { isMissing || TokenKind.words[text] != nil }
}

/// A string literal.
package struct StringSyntax: SyntaxNode {
  /// The text between the quotes, escapes resolved.
  package let value: String
  /// The literal, quotes included.
  package let span: SourceSpan
}
