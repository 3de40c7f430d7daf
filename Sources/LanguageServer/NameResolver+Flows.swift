import Source
import Syntax
import Vocabulary

extension NameResolver {
  /// A flow; `context` says which words may stand in a setting.
  mutating func resolve(_ flow: FlowSyntax, in context: WordContext = .net) {
    if context == .net {
      resolve(flow.head)
    } else {
      resolve(flow.head, in: context)
    }
    for stage in flow.stages { resolve(stage, in: context) }
  }

  private mutating func resolve(_ stage: StageSyntax, in context: WordContext) {
    var places = stage.label.map { [$0.span] } ?? []
    if case .numbered(_, let variable)? = stage.label?.kind { note(variable.span, lookUp(variable.text)) }
    switch stage.kind {
    case .missing: break
    case .call(let call):
      places.append(call.path[0].span)
      if context == .net { resolveStage(call, stage: stage.span) } else { resolve(call, in: context) }
    case .group(let group): resolve(group, in: context)
    case .repeat(let node):
      resolve(node.count)
      resolve(node.body, in: context)
    case .for(let node):
      resolve(node.sequence)
      names.append([:])
      for variable in node.variables { declare(variable, .variable) }
      resolve(node.body, in: context)
      names.removeLast()
    case .if(let node): resolve(node, in: context)
    }
    table.stages.append(NameTable.StageUse(span: stage.span, places: places))
  }

  private mutating func resolve(_ group: GroupSyntax, in context: WordContext) {
    for stage in group.stages { resolve(stage, in: context) }
  }

  private mutating func resolve(_ node: ConditionalStageSyntax, in context: WordContext) {
    resolve(node.condition)
    resolve(node.then, in: context)
    switch node.otherwise {
    case nil: return
    case .group(let group): resolve(group, in: context)
    case .if(let other): resolve(other, in: context)
    }
  }

  /// What a stage of a net calls: a declared layer, a block or a word.
  mutating func resolveStage(_ call: CallSyntax, stage: SourceSpan?) {
    let name = call.path[0]
    if let symbol = lookUp(name.text), symbol.kind == .layer || symbol.kind == .parameter {
      note(name.span, symbol)
      if call.path.count == 2, let word = symbol.tiedWord, word.uses.contains(call.path[1].text) {
        table.tiedUses.append(NameTable.TiedUse(span: call.path[1].span, layer: symbol, word: word, stage: stage))
      }
      resolve(call.arguments, of: nil)
    } else if let net = table.nets[name.text] {
      note(name.span, table.declared[name.text])
      resolve(call.arguments, ofBlock: net)
    } else if let word = WordContext.net.word(name.text) {
      table.words.append(NameTable.WordUse(span: name.span, word: word, stage: stage))
      resolve(call.arguments, of: word)
    } else {
      resolve(call.arguments, of: nil)
    }
  }

  private mutating func resolve(_ arguments: ArgumentsSyntax?, ofBlock net: NetSyntax) {
    for argument in arguments?.arguments ?? [] {
      if let name = argument.name { note(name.span, Self.parameter(name.text, of: net)) }
      resolve(argument.value)
    }
  }

  /// The arguments of a word; bare words that stand for themselves are no names.
  private mutating func resolve(_ arguments: ArgumentsSyntax?, of word: (any Word.Type)?) {
    var positional = (word?.schema ?? []).filter { !$0.isNamedOnly }[...]
    for argument in arguments?.arguments ?? [] {
      var schema: ArgumentSchema?
      var kind: ArgumentKind?
      if let name = argument.name {
        schema = word?.schema.first { $0.name == name.text }
        kind = schema?.kind
        if let schema, let word {
          table.arguments.append(NameTable.ArgumentUse(span: name.span, word: word, schema: schema))
          positional.removeAll { $0.name == schema.name }
        } else if let named = word?.namedTensors {
          note(name.span, tensors[name.text])
          kind = named
        }
      } else if let first = positional.first {
        schema = first
        kind = first.kind
        if !first.isRepeated { positional = positional.dropFirst() }
      }
      if schema?.name == "tensors", let name = argument.value.expression?.bareName {
        note(name.span, tensors[name.text])
      } else if kind == .initializer {
        resolve(argument.value, in: .initializer)
      } else {
        resolve(argument.value, as: kind)
      }
    }
  }

  private mutating func resolve(_ flow: FlowSyntax, as kind: ArgumentKind?) {
    guard let expression = flow.expression, let kind, kind.takesBareWords else { return resolve(flow) }
    if case .list(let list) = expression {
      for element in list.elements where element.expression?.bareName == nil { resolve(element) }
    } else if case .call(let call) = expression, call.arguments == nil {
      if !kind.stands(for: call.pathText) { resolve(flow) }
    } else {
      resolve(flow)
    }
  }

  mutating func resolve(_ expression: ExpressionSyntax, in context: WordContext = .net) {
    switch expression {
    case .number, .string, .boolean, .none, .missing: return
    case .call(let call): resolve(call, in: context)
    case .unary(let node): resolve(node.operand, in: context)
    case .binary(let node):
      resolve(node.left, in: context)
      resolve(node.right, in: context)
    case .conditional(let node):
      resolve(node.condition)
      resolve(node.then, in: context)
      resolve(node.otherwise, in: context)
    case .parenthesized(let node): resolve(node.flow, in: context)
    case .tuple(let node): for element in node.elements { resolve(element, in: context) }
    case .list(let node): for element in node.elements { resolve(element, in: context) }
    }
  }

  /// A name, a function or a word.
  private mutating func resolve(_ call: CallSyntax, in context: WordContext) {
    let name = call.path[0]
    if let word = context.word(name.text), call.arguments != nil || context != .net {
      table.words.append(NameTable.WordUse(span: name.span, word: word, stage: nil))
      return resolve(call.arguments, of: word)
    }
    if context == .setting("freeze"), let label = labels[name.text] {
      note(name.span, label)
    } else if call.path.count > 1 {
      resolveMember(call)
    } else if call.arguments == nil {
      note(name.span, lookUp(name.text))
    }
    resolve(call.arguments, of: nil)
  }

  /// `label.output`, or `layer.unembed`.
  private mutating func resolveMember(_ call: CallSyntax) {
    let name = call.path[0]
    guard let label = labels[name.text] else { return note(name.span, lookUp(name.text)) }
    note(name.span, label)
    guard
      let block = owner.flatMap({ LabelCollector.call(labelled: label.declaration, in: $0) })
        .flatMap({ table.nets[$0.path[0].text] })
    else { return }
    for case .output(let output) in block.body where output.name.text == call.path[1].text {
      note(
        call.path[1].span, Symbol(kind: .output, name: output.name.text, declaration: output.name.span, owner: block))
    }
  }
}

extension ArgumentKind {
  /// Whether bare words may stand for themselves.
  var takesBareWords: Bool {
    switch self {
    case .choice, .name: true
    case .list(let kind, _): kind.takesBareWords
    case .either(let kinds): kinds.contains(where: \.takesBareWords)
    default: false
    }
  }

  /// Whether the bare word stands for itself.
  func stands(for word: String) -> Bool {
    switch self {
    case .choice(let words): words.contains(word)
    case .name: true
    case .list: false
    case .either(let kinds): kinds.contains { $0.stands(for: word) }
    default: false
    }
  }

  /// The bare words that may be passed.
  var choices: [String] {
    switch self {
    case .choice(let words): words
    case .list(let kind, _): kind.choices
    case .either(let kinds): kinds.flatMap(\.choices)
    case .flag: ["true", "false"]
    case .none: ["none"]
    default: []
    }
  }
}
