import Source
import Syntax

extension Formatter {
  mutating func layout(_ declaration: DeclarationSyntax) -> Layout {
    switch declaration {
    case .import(let node): .text("import " + node.path.span.text)
    case .const(let node): .sequence([.text("const \(node.name.text) = "), layout(node.value)])
    case .net(let node): layout(node)
    case .train(let node): layout(node)
    }
  }

  private mutating func layout(_ net: NetSyntax) -> Layout {
    var parts: [Layout] = [.text("\(net.kind.rawValue) \(net.name.text)")]
    if let parentheses = net.parentheses, !net.parameters.isEmpty {
      parts.append(list("(", ")", net.parameters, in: parentheses) { $0.layout($1) })
    }
    let paddings = paddings(of: net.body)
    parts.append(
      body(net.body, after: net.parentheses ?? net.name.span, in: net.span) { $0.layout($1, paddings) })
    return .sequence(parts)
  }

  private mutating func layout(_ parameter: ParameterSyntax) -> Layout {
    let kind = parameter.kind == .value ? "" : ": \(parameter.kind.rawValue)"
    guard let value = parameter.defaultValue else { return .text(parameter.name.text + kind) }
    return .sequence([.text("\(parameter.name.text)\(kind) = "), nested(value)])
  }

  private mutating func layout(_ train: TrainSyntax) -> Layout {
    var parts: [Layout] = [.text("train \(train.net.text)")]
    if let arguments = train.arguments { parts.append(layout(arguments, equals: " = ")) }
    // The `=` of the settings stand below each other.
    let width = train.body.map { if case .setting(let node) = $0 { node.name.text.count } else { 0 } }.max() ?? 0
    parts.append(
      body(train.body, after: train.arguments?.span ?? train.net.span, in: train.span) { formatter, statement in
        switch statement {
        case .target(let node):
          return .sequence([.text("target \(node.name.text): "), formatter.layout(node.type)])
        case .setting(let node):
          let padding = String(repeating: " ", count: width - node.name.text.count)
          return .sequence([.text("\(node.name.text)\(padding) = "), .indented(2, formatter.flow(node.value))])
        }
      })
    return .sequence(parts)
  }

  /// `{`, a line for each statement, `}`. On one line where it was and fits.
  private mutating func body<Statement: SyntaxNode>(
    _ statements: [Statement], after header: SourceSpan, in span: SourceSpan,
    _ layout: (inout Formatter, Statement) -> Layout
  ) -> Layout {
    var parts: [Layout] = []
    for statement in statements {
      parts += self.layout(takeComments(before: statement.span.start))
      if !parts.isEmpty { parts += startOfLine(statement.span) }
      parts.append(layout(&self, statement))
    }
    parts += self.layout(takeComments(before: span.end))
    if parts.isEmpty { return .text(" {}") }
    return .sequence([
      .text(" "),
      .bracket(
        Bracket(
          open: "{", close: "}", content: .sequence(parts), style: .hanging,
          isBroken: statements.count != 1 || header.lastLine < span.lastLine, isPadded: true)),
    ])
  }

  private mutating func layout(_ statement: StatementSyntax, _ paddings: [SourceSpan: Int]) -> Layout {
    switch statement {
    case .input(let node):
      return .sequence([.text("input \(node.name.text): "), layout(node.type)])
    case .output(let node):
      var parts: [Layout] = [.text("output \(node.name.text)")]
      if let type = node.type { parts += [.text(": "), layout(type)] }
      return .sequence(parts + [.text(" = "), .indented(2, flow(node.value))])
    case .layer(let node):
      let padding = String(repeating: " ", count: 1 + (paddings[node.span] ?? 0))
      return .sequence([.text("layer \(node.name.text):\(padding)"), layout(node.call)])
    case .assert(let node):
      let condition = layout(node.condition)
      return .sequence([.text("assert "), condition] + (node.message.map { [.text(", " + $0.span.text)] } ?? []))
    case .binding(let node):
      return .sequence([.text("\(node.name.text) = "), .indented(2, flow(node.value))])
    }
  }

  /// The blanks that bring the calls of `layer` statements on successive lines below each other.
  private func paddings(of body: [StatementSyntax]) -> [SourceSpan: Int] {
    var paddings: [SourceSpan: Int] = [:]
    var run: [LayerSyntax] = []
    func close() {
      let width = run.map(\.name.text.count).max() ?? 0
      for node in run { paddings[node.span] = width - node.name.text.count }
    }
    for statement in body {
      if case .layer(let node) = statement {
        if let last = run.last, last.span.lastLine + 1 != node.span.line {
          close()
          run = []
        }
        run.append(node)
      } else {
        close()
        run = []
      }
    }
    close()
    return paddings
  }
}
