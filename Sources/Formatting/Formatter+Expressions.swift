import Source
import Syntax

extension Formatter {
  mutating func layout(_ expression: ExpressionSyntax) -> Layout {
    let comments = stray(before: expression.span)
    let layout = plainLayout(expression)
    return comments.isEmpty ? layout : .sequence(comments + [layout])
  }

  private mutating func plainLayout(_ expression: ExpressionSyntax) -> Layout {
    switch expression {
    case .number(let node):
      guard node.unit != nil, let unit = node.span.text.split(whereSeparator: { $0 == " " || $0 == "\t" }).last else {
        return .text(node.text)
      }
      return .text("\(node.text) \(unit)")
    case .string(let node): return .text(node.span.text)
    case .boolean(let node): return .text("\(node.value)")
    case .none: return .text("none")
    case .missing: return .nothing
    case .call(let call): return layout(call)
    case .unary(let node):
      return .sequence([.text(node.operator == .minus ? "-" : "not "), layout(node.operand)])
    case .binary(let node): return layout(node)
    case .conditional(let node): return layout(node)
    case .parenthesized(let node):
      depth += 1
      defer { depth -= 1 }
      let start = stray(before: node.flow.span)
      let content = nested(node.flow)
      let rest = layout(takeComments(before: node.span.end))
      return .bracket(
        Bracket(
          open: "(", close: ")", content: .sequence(start + [content] + rest), style: .aligned,
          isBroken: node.span.line < node.flow.span.line || !start.isEmpty || !rest.isEmpty, isPadded: false))
    case .tuple(let node):
      return list("(", ")", node.elements, in: node.span, hasTrailingComma: false) { $0.nested($1) }
    case .list(let node):
      return list("[", "]", node.elements, in: node.span) { $0.nested($1) }
    }
  }

  /// Inside brackets a line may break before the operator.
  private mutating func layout(_ node: BinarySyntax) -> Layout {
    let left = layout(node.left)
    let sign = Layout.text(node.operator.rawValue + " ")
    if depth == 0 { return .sequence([left, .text(" "), sign, layout(node.right)]) }
    var items = [FillItem(separator: .soft, content: left)]
    var item = item(node.right.span, after: node.left.span, &items)
    item.content = .sequence([item.content, sign, layout(node.right)])
    items.append(item)
    return .fill(items, breaksFirst: false)
  }

  /// Inside brackets `then` and `else` may start lines.
  private mutating func layout(_ node: ConditionalSyntax) -> Layout {
    let condition = layout(node.condition)
    let isCommented = hasComment(before: node.then.span.start)
    let then = layout(node.then)
    let isCommentedAgain = hasComment(before: node.otherwise.span.start)
    let otherwise = layout(node.otherwise)
    let line: Layout = depth == 0 ? .text(" ") : .line
    let isBroken =
      isCommented || isCommentedAgain || isBroken(node.condition.span, node.then.span)
      || isBroken(node.then.span, node.otherwise.span)
    let parts = [.text("if "), condition, line, .text("then "), then, line, .text("else "), otherwise]
    return depth == 0 ? .sequence(parts) : .group(.sequence(parts), isBroken: isBroken)
  }

  mutating func layout(_ type: TypeSyntax) -> Layout {
    var parts: [Layout] = [.text(type.name.text)]
    var start = type.name.span.end
    if let argument = type.argument {
      depth += 1
      parts += [.text("("), nested(argument)]
      depth -= 1
      // The `)` is the first one behind the argument that is in no comment.
      start = argument.span.end
      parts.append(.text(")"))
    }
    if let dimensions = type.dimensions {
      let brackets = type.span.file.span(start, type.span.end)
      parts.append(list("[", "]", dimensions, in: brackets, hasTrailingComma: false) { $0.nested($1) })
    }
    return .sequence(parts)
  }
}
