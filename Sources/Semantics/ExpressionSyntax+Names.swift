import Syntax

extension ExpressionSyntax {
  /// The name, when the expression is nothing else.
  var bareCall: NameSyntax? { if case .call(let call) = self { call.bareName } else { nil } }
}
