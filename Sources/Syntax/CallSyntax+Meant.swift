import Source

// What was meant by a call that was written otherwise: whoever reports the mistake goes on with this.
extension CallSyntax {
  /// The same call of `word`.
  package func calling(_ word: String) -> CallSyntax {
    let place = path[0].span.extended(to: path[path.count - 1].span)
    return CallSyntax(path: [NameSyntax(text: word, span: place)], arguments: arguments, span: span)
  }

  /// `x -> linear(3)` for `linear(x, 3)`, where `head` stands for the first argument.
  package func sending(_ head: FlowSyntax) -> FlowSyntax {
    let rest = (arguments?.arguments ?? []).dropFirst()
    let others = rest.isEmpty ? nil : arguments.map { ArgumentsSyntax(arguments: Array(rest), span: $0.span) }
    let stage = StageSyntax(
      label: nil, kind: .call(CallSyntax(path: path, arguments: others, span: span)), span: span)
    return FlowSyntax(head: head.head, stages: head.stages + [stage], span: span)
  }
}
