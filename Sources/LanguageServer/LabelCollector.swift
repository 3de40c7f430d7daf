import Source
import Syntax

/// Finds the labels of a body, wherever in its flows they stand.
struct LabelCollector {
  private var found: [(label: LabelSyntax, call: CallSyntax?)] = []

  /// The labels in order, each with the part that names it: a numbered one has its name before the number, one in quotes stands with
  /// them.
  static func labels(of net: NetSyntax) -> [(name: String, span: SourceSpan)] {
    collect(net).compactMap { label, _ in
      switch label.kind {
      case .name(let name): name.isEmpty ? nil : (name, label.span)
      case .string(let text): (text, label.span)
      case .numbered(let prefix, _): prefix.isMissing ? nil : (prefix.text, prefix.span)
      }
    }
  }

  /// What the first stage with the label `name` calls.
  static func call(named name: String, in net: NetSyntax) -> CallSyntax? {
    collect(net).first { if case .name(name) = $0.label.kind { true } else { false } }?.call
  }

  /// What the stage with the label at `span` calls.
  static func call(labelled span: SourceSpan, in net: NetSyntax) -> CallSyntax? {
    collect(net).first { $0.label.span == span }?.call
  }

  private static func collect(_ net: NetSyntax) -> [(label: LabelSyntax, call: CallSyntax?)] {
    var collector = LabelCollector()
    for statement in net.body {
      switch statement {
      case .output(let node): collector.add(node.value)
      case .binding(let node): collector.add(node.value)
      case .layer(let node): collector.add(node.call)
      case .input, .assert: continue
      }
    }
    return collector.found
  }

  private mutating func add(_ flow: FlowSyntax) {
    add(flow.head)
    for stage in flow.stages { add(stage) }
  }

  private mutating func add(_ group: GroupSyntax) { for stage in group.stages { add(stage) } }

  private mutating func add(_ stage: StageSyntax) {
    var call: CallSyntax?
    if case .call(let node) = stage.kind { call = node }
    if let label = stage.label { found.append((label, call)) }
    switch stage.kind {
    case .call(let node): add(node)
    case .group(let group): add(group)
    case .repeat(let node): add(node.body)
    case .for(let node): add(node.body)
    case .if(let node): add(node)
    case .missing: return
    }
  }

  private mutating func add(_ node: ConditionalStageSyntax) {
    add(node.then)
    switch node.otherwise {
    case nil: return
    case .group(let group): add(group)
    case .if(let other): add(other)
    }
  }

  private mutating func add(_ call: CallSyntax) {
    for argument in call.arguments?.arguments ?? [] { add(argument.value) }
  }

  private mutating func add(_ expression: ExpressionSyntax) {
    switch expression {
    case .number, .string, .boolean, .none, .missing: return
    case .call(let call): add(call)
    case .unary(let node): add(node.operand)
    case .binary(let node):
      add(node.left)
      add(node.right)
    case .conditional(let node):
      add(node.then)
      add(node.otherwise)
    case .parenthesized(let node): add(node.flow)
    case .tuple(let node): for element in node.elements { add(element) }
    case .list(let node): for element in node.elements { add(element) }
    }
  }
}
