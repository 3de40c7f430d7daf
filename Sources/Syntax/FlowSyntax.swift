import Source

/// `head -> stage -> stage`; without stages it is just its head.
package struct FlowSyntax: SyntaxNode {
  package let head: ExpressionSyntax
  package let stages: [StageSyntax]
  package let span: SourceSpan

  /// The head when no stage follows it.
  package var expression: ExpressionSyntax? { stages.isEmpty ? head : nil }
}

/// What a flow passes through: `conv1: conv(64, 3)`.
package struct StageSyntax: SyntaxNode {
  /// The forms of a stage.
  package enum Kind: Sendable {
    case call(CallSyntax)
    case group(GroupSyntax)
    case `repeat`(RepeatSyntax)
    case `for`(ForSyntax)
    case `if`(ConditionalStageSyntax)
    /// Nothing could be read; the mistake has been reported.
    case missing
  }

  package let label: LabelSyntax?
  package let kind: Kind
  package let span: SourceSpan

  /// Whether nothing of it could be read.
  package var isMissing: Bool {
    if case .missing = kind { true } else { false }
  }
}

/// What stands before the colon of a stage.
package struct LabelSyntax: SyntaxNode {
  /// The three forms of a label.
  package enum Kind: Sendable {
    /// `conv1:`
    case name(String)
    /// `"0":`, for words of the language and numbers.
    case string(String)
    /// `denselayer{i}:` inside `for i in …`.
    case numbered(prefix: NameSyntax, variable: NameSyntax)
  }

  package let kind: Kind
  /// The label, without its colon.
  package let span: SourceSpan
}

/// `{ conv(64, 3) -> relu }`.
package struct GroupSyntax: SyntaxNode {
  package let stages: [StageSyntax]
  package let span: SourceSpan
}

/// `repeat n - 1 { … }`.
package struct RepeatSyntax: SyntaxNode {
  package let count: ExpressionSyntax
  package let body: GroupSyntax
  package let span: SourceSpan
}

/// `for channels, n in [(64, 2), (128, 3)] { … }`.
package struct ForSyntax: SyntaxNode {
  /// One name, or several that take an element apart.
  package let variables: [NameSyntax]
  package let sequence: ExpressionSyntax
  package let body: GroupSyntax
  package let span: SourceSpan
}

/// `if stride == 2 { … } else { … }` as a stage.
package struct ConditionalStageSyntax: SyntaxNode {
  /// What may follow `else`.
  package indirect enum Otherwise: Sendable {
    case group(GroupSyntax)
    case `if`(ConditionalStageSyntax)
  }

  package let condition: ExpressionSyntax
  package let then: GroupSyntax
  package let otherwise: Otherwise?
  package let span: SourceSpan
}

/// A name, or a layer with arguments: `relu`, `tok.unembed`, `conv(64, 3)`. Bare names in expressions are calls without arguments.
package struct CallSyntax: SyntaxNode {
  /// The names between the dots; at least one.
  package let path: [NameSyntax]
  /// The arguments; nil when no parentheses were written.
  package let arguments: ArgumentsSyntax?
  package let span: SourceSpan

  /// The name, when the call is nothing else.
  package var bareName: NameSyntax? { path.count == 1 && arguments == nil ? path[0] : nil }

  /// The names joined by dots.
  package var pathText: String { path.map(\.text).joined(separator: ".") }
}

/// `(64, 3, stride=2)`.
package struct ArgumentsSyntax: SyntaxNode {
  package let arguments: [ArgumentSyntax]
  /// The arguments with their parentheses.
  package let span: SourceSpan
}

/// `64` or `stride=2`.
package struct ArgumentSyntax: SyntaxNode {
  /// The name before `=`; nil for a positional argument.
  package let name: NameSyntax?
  package let value: FlowSyntax
  package let span: SourceSpan
}
