import Source
import Syntax

extension Formatter {
  /// A flow whose further lines are indented by who calls this. If not all of it fits on a line, the head has one for itself.
  mutating func flow(_ flow: FlowSyntax) -> Layout {
    if flow.stages.isEmpty { return layout(flow.head) }
    var items = [FillItem(separator: .soft, content: layout(flow.head))]
    add(flow.stages, after: flow.head.span, to: &items)
    return .fill(items, breaksFirst: true)
  }

  /// A flow or expression inside brackets: further lines are indented from its start.
  mutating func nested(_ flow: FlowSyntax) -> Layout {
    let comments = stray(before: flow.span)
    return .sequence(comments + [.aligned(.indented(2, self.flow(flow)))])
  }

  mutating func nested(_ expression: ExpressionSyntax) -> Layout {
    let comments = stray(before: expression.span)
    return .sequence(comments + [.aligned(.indented(2, layout(expression)))])
  }

  private mutating func add(_ stages: [StageSyntax], after head: SourceSpan, to items: inout [FillItem]) {
    var previous = head
    for stage in stages {
      var item = item(stage.span, after: previous, &items)
      item.content = .sequence([item.content, .text("-> "), layout(stage)])
      items.append(item)
      previous = stage.span
    }
  }

  private mutating func layout(_ stage: StageSyntax) -> Layout {
    var parts = stray(before: stage.span)
    if let label = stage.label { parts.append(.text(text(of: label) + ": ")) }
    switch stage.kind {
    case .call(let call): parts.append(layout(call))
    case .group(let group): parts.append(layout(group))
    case .repeat(let node):
      parts += [.text("repeat "), layout(node.count), .text(" "), layout(node.body)]
    case .for(let node):
      parts += [.text("for \(node.variables.map(\.text).joined(separator: ", ")) in "), layout(node.sequence)]
      parts += [.text(" "), layout(node.body)]
    case .if(let node): parts.append(layout(node))
    case .missing: break
    }
    return .sequence(parts)
  }

  private func text(of label: LabelSyntax) -> String {
    switch label.kind {
    case .name(let name): name
    case .string: label.span.text
    case .numbered(let prefix, let variable): "\(prefix.text){\(variable.text)}"
    }
  }

  private mutating func layout(_ node: ConditionalStageSyntax) -> Layout {
    var parts = [.text("if "), layout(node.condition), .text(" "), layout(node.then)]
    switch node.otherwise {
    case nil: break
    case .group(let group): parts += [.text(" else "), layout(group)]
    case .if(let other): parts += [.text(" else ")] + stray(before: other.span) + [layout(other)]
    }
    return .sequence(parts)
  }

  /// `{ conv(64, 3) -> relu }`, on lines of their own where they do not fit.
  private mutating func layout(_ group: GroupSyntax) -> Layout {
    let comments = stray(before: group.span)
    depth += 1
    defer { depth -= 1 }
    let start = group.stages.first.map { stray(before: $0.span) } ?? []
    var items: [FillItem] = []
    if let first = group.stages.first {
      var item = item(first.span, after: nil, &items)
      item.content = .sequence([item.content, layout(first)])
      items.append(item)
      add(Array(group.stages.dropFirst()), after: first.span, to: &items)
    }
    let rest = layout(takeComments(before: group.span.end))
    let isBroken = group.stages.first.map { group.span.line < $0.span.line } ?? false
    let content = Layout.sequence(start + [.aligned(.indented(2, .fill(items, breaksFirst: false)))] + rest)
    return .sequence(
      comments + [
        .bracket(
          Bracket(
            open: "{", close: "}", content: content, style: .hanging,
            isBroken: isBroken || !start.isEmpty || !rest.isEmpty, isPadded: true))
      ])
  }

  mutating func layout(_ call: CallSyntax) -> Layout {
    let path = Layout.text(call.pathText)
    guard let arguments = call.arguments else { return path }
    return .sequence([path, layout(arguments, equals: "=")])
  }

  mutating func layout(_ arguments: ArgumentsSyntax, equals: String) -> Layout {
    list("(", ")", arguments.arguments, in: arguments.span) { formatter, argument in
      let name: [Layout] = argument.name.map { [.text($0.text + equals)] } ?? []
      return .sequence(name + [formatter.nested(argument.value)])
    }
  }
}
