import Source

/// One of the five declarations of a file.
package enum DeclarationSyntax: SyntaxNode {
  case `import`(ImportSyntax)
  case const(ConstSyntax)
  /// A `net` or a `block`.
  case net(NetSyntax)
  case train(TrainSyntax)

  package var span: SourceSpan {
    switch self {
    case .import(let node): node.span
    case .const(let node): node.span
    case .net(let node): node.span
    case .train(let node): node.span
    }
  }
}

/// `import "blocks.net"`.
package struct ImportSyntax: SyntaxNode {
  package let path: StringSyntax
  package let span: SourceSpan
}

/// `const width = 64`.
package struct ConstSyntax: SyntaxNode {
  package let name: NameSyntax
  package let value: ExpressionSyntax
  package let span: SourceSpan
}

/// A `net` or a `block` with its parameters and body.
package struct NetSyntax: SyntaxNode {
  /// Which of the two keywords introduced it.
  package enum Kind: String, Sendable {
    case net, block
  }

  package let kind: Kind
  package let name: NameSyntax
  package let parameters: [ParameterSyntax]
  /// The parameters with their parentheses; nil when none were written.
  package let parentheses: SourceSpan?
  package let body: [StatementSyntax]
  package let span: SourceSpan

  /// The same with inputs, of which nothing but the name is known, in place of parameters.
  package func takingAsInputs(_ inputs: [ParameterSyntax]) -> NetSyntax {
    let statements = inputs.map { parameter -> StatementSyntax in
      let place = parameter.name.span.after
      let type = TypeSyntax(
        name: NameSyntax(text: "", span: place), argument: nil, dimensions: nil, span: place)
      return .input(InputSyntax(name: parameter.name, type: type, span: parameter.span))
    }
    let rest = parameters.filter { parameter in !inputs.contains { $0.span == parameter.span } }
    return NetSyntax(
      kind: kind, name: name, parameters: rest, parentheses: parentheses, body: statements + body, span: span)
  }
}

/// A parameter of a net or block: `stride = 1`, `position: layer`, `mask: tensor = none`.
package struct ParameterSyntax: SyntaxNode {
  /// What may be passed for a parameter.
  package enum Kind: String, Sendable {
    /// A compile-time value; written without a kind.
    case value
    /// A layer declared by `layer`.
    case layer
    /// A tensor, or `none`.
    case tensor
  }

  package let name: NameSyntax
  package let kind: Kind
  /// The default; nil when the caller must pass the parameter.
  package let defaultValue: ExpressionSyntax?
  package let span: SourceSpan
}

/// `train AlexNet(classes = 10) { … }`.
package struct TrainSyntax: SyntaxNode {
  /// The net that is trained.
  package let net: NameSyntax
  /// The arguments for the net's parameters; nil when no parentheses were written.
  package let arguments: ArgumentsSyntax?
  package let body: [TrainStatementSyntax]
  package let span: SourceSpan
}

/// A line of a `train` body.
package enum TrainStatementSyntax: SyntaxNode {
  case target(TargetSyntax)
  /// `epochs = 90`.
  case setting(BindingSyntax)

  package var span: SourceSpan {
    switch self {
    case .target(let node): node.span
    case .setting(let node): node.span
    }
  }
}

/// `target label: index(classes)`.
package struct TargetSyntax: SyntaxNode {
  package let name: NameSyntax
  package let type: TypeSyntax
  package let span: SourceSpan
}
