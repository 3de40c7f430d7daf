import Source

extension FileSyntax {
  /// The tree for reading: a node on each line with its line and column before it, indented by its depth. What only groups is
  /// left out: a flow without stages is its head, a positional argument its value.
  package var dump: String {
    var printer = TreePrinter(showsPlaces: true)
    for declaration in declarations { printer.add(declaration) }
    return printer.text
  }

  /// The tree without places: two files of one structure mean the same.
  package var structure: String {
    var printer = TreePrinter(showsPlaces: false)
    for declaration in declarations { printer.add(declaration) }
    return printer.text
  }
}

/// Writes nodes on lines.
private struct TreePrinter {
  let showsPlaces: Bool
  var text = ""
  private var depth = 0
  /// The place of the last node. Nodes come in the order of their starts, so that counting on from here keeps a file that is one
  /// long line linear.
  private var last: (offset: Int, line: Int, column: Int) = (0, 0, 0)

  init(showsPlaces: Bool) { self.showsPlaces = showsPlaces }

  /// A line for a node at `span`, and below it what `children` adds.
  private mutating func node(_ words: String, _ span: SourceSpan, _ children: (inout TreePrinter) -> Void = { _ in }) {
    text += place(span) + String(repeating: " ", count: 2 * depth) + DisplayText.escaped(words) + "\n"
    depth += 1
    children(&self)
    depth -= 1
  }

  /// The line and column, padded; empty where places are not wanted.
  private mutating func place(_ span: SourceSpan) -> String {
    guard showsPlaces else { return "" }
    let line = span.line
    if line == last.line, span.start >= last.offset {
      last.column += span.file.bytes[last.offset..<span.start].count { $0 & 0xC0 != 0x80 }
    } else {
      last = (span.start, line, span.column)
    }
    last.offset = span.start
    let place = "\(line):\(last.column)"
    return place + String(repeating: " ", count: max(1, 8 - place.utf8.count))
  }

  mutating func add(_ declaration: DeclarationSyntax) {
    switch declaration {
    case .import(let declaration):
      node("import \(declaration.path.span.text)", declaration.span)
    case .const(let declaration):
      node("const \(declaration.name.text)", declaration.span) { $0.add(declaration.value) }
    case .net(let net):
      node("\(net.kind.rawValue) \(net.name.text)", net.span) {
        for parameter in net.parameters { $0.add(parameter) }
        for statement in net.body { $0.add(statement) }
      }
    case .train(let train):
      node("train \(train.net.text)", train.span) {
        if let arguments = train.arguments { $0.add(arguments) }
        for statement in train.body { $0.add(statement) }
      }
    }
  }

  private mutating func add(_ parameter: ParameterSyntax) {
    let kind = parameter.kind == .value ? "" : ": \(parameter.kind.rawValue)"
    node("parameter \(parameter.name.text)\(kind)", parameter.span) {
      if let value = parameter.defaultValue { $0.add(value) }
    }
  }

  private mutating func add(_ statement: StatementSyntax) {
    switch statement {
    case .input(let input):
      node("input \(input.name.text)", input.span) { $0.add(input.type) }
    case .output(let output):
      node("output \(output.name.text)", output.span) {
        if let type = output.type { $0.add(type) }
        $0.add(output.value)
      }
    case .layer(let layer):
      node("layer \(layer.name.text)", layer.span) { $0.add(layer.call) }
    case .assert(let assertion):
      node("assert", assertion.span) {
        $0.add(assertion.condition)
        if let message = assertion.message { $0.node("string \(message.span.text)", message.span) }
      }
    case .binding(let binding):
      node("binding \(binding.name.text)", binding.span) { $0.add(binding.value) }
    }
  }

  private mutating func add(_ statement: TrainStatementSyntax) {
    switch statement {
    case .target(let target):
      node("target \(target.name.text)", target.span) { $0.add(target.type) }
    case .setting(let setting):
      node("setting \(setting.name.text)", setting.span) { $0.add(setting.value) }
    }
  }

  private mutating func add(_ type: TypeSyntax) {
    node("type \(type.name.text)", type.span) {
      if let argument = type.argument { $0.node("argument", argument.span) { $0.add(argument) } }
      for dimension in type.dimensions ?? [] { $0.add(dimension) }
    }
  }

  private mutating func add(_ flow: FlowSyntax) {
    if let expression = flow.expression { return add(expression) }
    node("flow", flow.span) {
      $0.add(flow.head)
      for stage in flow.stages { $0.add(stage) }
    }
  }

  private mutating func add(_ stage: StageSyntax) {
    let label =
      switch stage.label?.kind {
      case nil: ""
      case .name(let name): " \(name):"
      case .string(let text): " \"\(text)\":"
      case .numbered(let prefix, let variable): " \(prefix.text){\(variable.text)}:"
      }
    node("stage\(label)", stage.span) {
      switch stage.kind {
      case .call(let call): $0.add(call)
      case .group(let group): $0.add(group)
      case .repeat(let loop):
        $0.node("repeat", loop.span) {
          $0.add(loop.count)
          $0.add(loop.body)
        }
      case .for(let loop):
        $0.node("for \(loop.variables.map(\.text).joined(separator: ", "))", loop.span) {
          $0.add(loop.sequence)
          $0.add(loop.body)
        }
      case .if(let condition): $0.add(condition)
      case .missing: $0.node("missing", stage.span)
      }
    }
  }

  private mutating func add(_ group: GroupSyntax) {
    node("group", group.span) { for stage in group.stages { $0.add(stage) } }
  }

  private mutating func add(_ condition: ConditionalStageSyntax) {
    node("if", condition.span) {
      $0.add(condition.condition)
      $0.add(condition.then)
      switch condition.otherwise {
      case nil: break
      case .group(let group): $0.add(group)
      case .if(let other): $0.add(other)
      }
    }
  }

  private mutating func add(_ call: CallSyntax) {
    node("call \(call.pathText)", call.span) { if let arguments = call.arguments { $0.add(arguments) } }
  }

  private mutating func add(_ arguments: ArgumentsSyntax) {
    for argument in arguments.arguments {
      if let name = argument.name {
        node("argument \(name.text)", argument.span) { $0.add(argument.value) }
      } else {
        add(argument.value)
      }
    }
  }

  private mutating func add(_ expression: ExpressionSyntax) {
    let span = expression.span
    switch expression {
    case .number(let number): node("number \(number.text)\(number.unit.map { " \($0.rawValue)" } ?? "")", span)
    case .string(let string): node("string \(string.span.text)", span)
    case .boolean(let boolean): node("boolean \(boolean.value)", span)
    case .none: node("none", span)
    case .missing: node("missing", span)
    case .call(let call): add(call)
    case .unary(let unary): node("unary \(unary.operator.rawValue)", span) { $0.add(unary.operand) }
    case .binary(let binary):
      node("binary \(binary.operator.rawValue)", span) {
        $0.add(binary.left)
        $0.add(binary.right)
      }
    case .conditional(let conditional):
      node("if", span) {
        $0.add(conditional.condition)
        $0.add(conditional.then)
        $0.add(conditional.otherwise)
      }
    case .parenthesized(let parenthesized): node("parentheses", span) { $0.add(parenthesized.flow) }
    case .tuple(let tuple): node("tuple", span) { for element in tuple.elements { $0.add(element) } }
    case .list(let list): node("list", span) { for element in list.elements { $0.add(element) } }
    }
  }
}
