import Source

/// A line of the body of a `net` or `block`.
package enum StatementSyntax: SyntaxNode {
  case input(InputSyntax)
  case output(OutputSyntax)
  case layer(LayerSyntax)
  case assert(AssertSyntax)
  case binding(BindingSyntax)

  package var span: SourceSpan {
    switch self {
    case .input(let node): node.span
    case .output(let node): node.span
    case .layer(let node): node.span
    case .assert(let node): node.span
    case .binding(let node): node.span
    }
  }
}

/// `input image: f32[3, 224, 224]`. In a block, bare names among the dimensions are bound by the caller.
package struct InputSyntax: SyntaxNode {
  package let name: NameSyntax
  package let type: TypeSyntax
  package let span: SourceSpan
}

/// `output logits: f32[classes] = image -> …`; the type, if written, is a promise to be checked.
package struct OutputSyntax: SyntaxNode {
  package let name: NameSyntax
  package let type: TypeSyntax?
  package let value: FlowSyntax
  package let span: SourceSpan
}

/// `layer tok: embedding(vocab, d)`: declares weights that several places may use.
package struct LayerSyntax: SyntaxNode {
  package let name: NameSyntax
  package let call: CallSyntax
  package let span: SourceSpan
}

/// `assert d % heads == 0, "heads must divide d"`.
package struct AssertSyntax: SyntaxNode {
  package let condition: ExpressionSyntax
  package let message: StringSyntax?
  package let span: SourceSpan
}

/// `skip = x -> conv(64, 1)`, and a setting of `train`.
package struct BindingSyntax: SyntaxNode {
  package let name: NameSyntax
  package let value: FlowSyntax
  package let span: SourceSpan
}

/// `f32[3, 224, 224]`, `index(vocab)[length]`, `bool`.
package struct TypeSyntax: SyntaxNode {
  /// The element types that there are.
  package static let elements = ["f32", "bool", "index"]

  /// The element type as written: `f32`, `bool`, `index` or a mistake.
  package let name: NameSyntax
  /// The expression in parentheses: the number of classes of an `index`.
  package let argument: ExpressionSyntax?
  /// The dimensions of one example; nil without brackets. `[]` and no brackets mean the same.
  package let dimensions: [ExpressionSyntax]?
  package let span: SourceSpan
}
