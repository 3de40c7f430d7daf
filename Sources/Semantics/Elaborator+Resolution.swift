import Source
import Syntax
import Vocabulary

/// Names only: what is not expanded, such as the branch of an `if` that is not taken, still may not name what does not exist.
extension Elaborator {
  func resolve(_ expression: ExpressionSyntax, _ frame: Frame) {
    switch expression {
    case .number, .string, .boolean, .none, .missing: return
    case .call(let call): resolve(call, frame)
    case .parenthesized(let node): resolve(node.flow, frame)
    case .tuple(let node): for element in node.elements { resolve(element, frame) }
    case .list(let node): for element in node.elements { resolve(element, frame) }
    case .unary(let node): resolve(node.operand, frame)
    case .binary(let node):
      resolve(node.left, frame)
      resolve(node.right, frame)
    case .conditional(let node):
      resolve(node.condition, frame)
      resolve(node.then, frame)
      resolve(node.otherwise, frame)
    }
  }

  func resolve(_ flow: FlowSyntax, _ frame: Frame) {
    resolve(flow.head, frame)
    for stage in flow.stages { resolve(stage, frame) }
  }

  func resolve(_ group: GroupSyntax, _ frame: Frame) {
    for stage in group.stages { resolve(stage, frame) }
  }

  /// The same for what is passed over again and again: names mean the same each time.
  func resolveOnce(_ group: GroupSyntax, _ frame: Frame) {
    if resolved.insert(group.span).inserted { resolve(group, frame) }
  }

  func resolveOnce(_ expression: ExpressionSyntax, _ frame: Frame) {
    if resolved.insert(expression.span).inserted { resolve(expression, frame) }
  }

  func resolve(_ node: ConditionalStageSyntax, _ frame: Frame) {
    resolve(node.condition, frame)
    resolve(node.then, frame)
    switch node.otherwise {
    case nil: return
    case .group(let group): resolve(group, frame)
    case .if(let other): resolve(other, frame)
    }
  }

  /// The body of a `for` that takes no turn.
  func resolveLoop(_ node: ForSyntax, _ frame: Frame) {
    guard resolved.insert(node.span).inserted else { return }
    let inner = Frame(nil, prefix: frame.prefix, outer: frame)
    for variable in node.variables {
      inner.names[variable.text] = Frame.Entry(meaning: .unknown, kind: .variable, span: variable.span)
    }
    resolve(node.body, inner)
  }

  /// A net or block that nothing expands.
  func resolve(_ net: NetSyntax) {
    let frame = Frame(net)
    func know(_ name: NameSyntax, _ kind: Frame.Kind) { declare(name, .unknown, kind, frame) }
    for parameter in net.parameters {
      if let value = parameter.defaultValue { resolve(value, frame) }
      know(parameter.name, .parameter)
    }
    for statement in net.body {
      switch statement {
      case .input(let node):
        for dimension in node.type.dimensions ?? [] {
          if let name = dimension.bareCall, frame.entry(name.text) == nil, constant(name.text, frame) == nil {
            know(name, .dimension)
          } else {
            resolve(dimension, frame)
          }
        }
        know(node.name, .input)
      case .output(let node):
        for dimension in node.type?.dimensions ?? [] { resolve(dimension, frame) }
        resolve(node.value, frame)
        know(node.name, .output)
      case .layer(let node):
        resolveStage(node.call, frame, mayBeValue: true)
        know(node.name, .layer)
      case .assert(let node): resolve(node.condition, frame)
      case .binding(let node):
        resolve(node.value, frame)
        know(node.name, .binding)
      }
    }
    if !net.body.contains(where: { if case .output = $0 { true } else { false } }) { noOutput(net) }
  }

  private func resolve(_ stage: StageSyntax, _ frame: Frame) {
    switch stage.kind {
    case .missing: return
    case .call(let call): resolveStage(call, frame)
    case .group(let group): resolve(group, frame)
    case .repeat(let node):
      resolve(node.count, frame)
      resolve(node.body, frame)
    case .for(let node):
      resolve(node.sequence, frame)
      resolveLoop(node, frame)
    case .if(let node): resolve(node, frame)
    }
  }

  /// A name, or a function of compile time.
  private func resolve(_ call: CallSyntax, _ frame: Frame) {
    if call.path.count == 1, call.arguments == nil {
      _ = read(call.path[0], frame)
    } else {
      for argument in call.arguments?.arguments ?? [] { resolve(argument.value, frame) }
    }
  }

  /// What a stage calls: a declared layer, a block or a word, with arguments that it has.
  private func resolveStage(_ call: CallSyntax, _ frame: Frame, mayBeValue: Bool = false) {
    let name = call.path[0]
    if name.isMissing { return }
    let arguments = call.arguments?.arguments ?? []
    let isKnown =
      frame.entry(name.text) != nil || scope(frame).nets[name.text] != nil || words.layers[name.text] != nil
    let isValue = words.values[name.text] != nil && mayBeValue
    let meant = isKnown || isValue ? name.text : unknownLayer(name, frame, call) ?? ""
    if let entry = frame.entry(meant) {
      used.insert(entry.span)
    } else if let net = scope(frame).nets[meant] {
      used.insert(net.name.span)
    } else if let word = words.layers[meant] {
      for case let argument? in arguments.map(\.name) where !word.schema.contains(where: { $0.name == argument.text }) {
        let near = suggestion(for: argument, among: word.schema.map(\.name), synonyms: argumentSynonyms)
        error(
          .unknownArgument, "\(word.name) has no argument `\(argument.text)`\(near.text)", at: argument.span, frame,
          help: near.help)
      }
    }
    let choices = words.layers[meant]?.schema.flatMap(\.kind.choices) ?? []
    for argument in arguments {
      if let bare = argument.value.expression?.bareCall, choices.contains(bare.text) { continue }
      resolve(argument.value, frame)
    }
  }
}

extension ArgumentKind {
  /// The bare words that may be passed.
  var choices: [String] {
    switch self {
    case .choice(let words): words
    case .either(let kinds): kinds.flatMap(\.choices)
    default: []
    }
  }
}
