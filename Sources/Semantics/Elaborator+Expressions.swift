import Source
import Syntax
import Vocabulary

extension Elaborator {
  func evaluate(_ expression: ExpressionSyntax, _ frame: Frame) -> Meaning {
    guard compute(at: expression.span, frame) else { return .unknown }
    switch expression {
    case .number(let node): return number(node)
    case .string(let node): return .text(node.value)
    case .boolean(let node): return .flag(node.value)
    case .none: return Meaning.none
    case .missing: return .unknown
    case .call(let node): return evaluate(node, frame)
    case .parenthesized(let node): return evaluate(node.flow, frame)
    case .tuple(let node): return list(node.elements, at: node.span, frame)
    case .list(let node): return list(node.elements, at: node.span, frame)
    case .unary(let node): return evaluate(node, frame)
    case .binary(let node): return evaluate(node, frame)
    case .conditional(let node):
      guard let holds = condition(node.condition, frame, in: expression) else {
        resolve(node.then, frame)
        resolve(node.otherwise, frame)
        return .unknown
      }
      resolveOnce(holds ? node.otherwise : node.then, frame)
      return evaluate(holds ? node.then : node.otherwise, frame)
    }
  }

  /// A list whose elements are given; unknown where one could not be read.
  private func list(_ elements: [FlowSyntax], at span: SourceSpan, _ frame: Frame) -> Meaning {
    let list = ListMeaning(elements.map { evaluate($0, frame) })
    if list.depth > Elaborator.depthLimit {
      error(.expansion, "lists stand in lists more than \(Elaborator.depthLimit) deep", at: span, frame)
      budget.isExhausted = true
      return .unknown
    }
    return elements.contains { $0.head.isMissing } ? .unknown : .list(list)
  }

  private func number(_ node: NumberSyntax) -> Meaning {
    switch node.unit {
    case .epochs: return .span(.epochs(node.doubleValue))
    case .steps: return .span(.steps(node.doubleValue))
    case nil:
      switch node.value {
      case .integer(let integer): return .number(.integer(integer))
      case .decimal(let decimal): return .number(.decimal(decimal))
      }
    }
  }

  /// Whether a condition holds; nil after a mistake. `whole` is the expression that it stands in.
  func condition(_ expression: ExpressionSyntax, _ frame: Frame, in whole: ExpressionSyntax? = nil) -> Bool? {
    switch evaluate(expression, frame) {
    case .flag(let flag): return flag
    case .unknown: return nil
    case .tensor(let tensor):
      error(
        .condition, "a condition is decided when the net is built, but `\(shortened(expression.span))` is a tensor",
        at: expression.span, frame, help: tensorConditionHelp(tensor, whole))
      return nil
    case let other:
      let isNumber = if case .number = other { true } else { false }
      error(
        .condition, "a condition must be true or false, got \(other.description)", at: expression.span, frame,
        notes: origins(of: expression, frame),
        help: isNumber
          ? [.init("compare the number: `\(shortened(expression.span)) > 0`")] : assertionHelp(expression))
      return nil
    }
  }

  /// `assert(a > b, "message")`, as in other languages.
  private func assertionHelp(_ expression: ExpressionSyntax) -> [Diagnostic.Help] {
    guard case .tuple(let tuple) = expression, tuple.elements.count == 2, case .string? = tuple.elements[1].expression
    else { return [] }
    let text = "\(tuple.elements[0].span.text), \(tuple.elements[1].span.text)"
    return [.init("no brackets stand around the two: `assert \(text)`", edits: [.init(tuple.span, " " + text)])]
  }

  /// The value of a name: of the body, or a constant.
  func read(_ name: NameSyntax, _ frame: Frame) -> Meaning {
    if name.isMissing { return .unknown }
    if let entry = frame.entry(name.text) {
      used.insert(entry.span)
      return entry.meaning
    }
    if let constant = constant(name.text, frame) { return constant }
    guard let meant = unknownName(name, frame) else { return .unknown }
    if let entry = frame.entry(meant) {
      used.insert(entry.span)
      return entry.meaning
    }
    return constant(meant, frame) ?? .unknown
  }

  /// The value of a constant of the file; nil when there is none of this name.
  func constant(_ name: String, _ frame: Frame, marking: Bool = true) -> Meaning? {
    guard let node = scope(frame).constants[name] else { return nil }
    if marking { used.insert(node.name.span) }
    let key = node.name.span
    switch constants[key] {
    case .known(let meaning): return meaning
    case .evaluating:
      // The same place for every way into the circle.
      let circle = evaluatedConstants.drop { $0.name.span != key }
      let first = circle.min { $0.span.start < $1.span.start } ?? node
      error(
        .expansion, "`\(first.name.text)` is defined by itself", at: first.name.span, nil,
        notes: circle.count > 1
          ? [.init("the circle: " + circle.map { "`\($0.name.text)`" }.joined(separator: ", "))] : [])
      return .unknown
    case nil:
      guard evaluatedConstants.count < Elaborator.depthLimit else {
        error(
          .expansion, "constants refer to constants more than \(Elaborator.depthLimit) deep", at: node.name.span, nil,
          help: [.init("define the innermost constants by numbers")])
        return .unknown
      }
      constants[key] = .evaluating
      evaluatedConstants.append(node)
      let meaning = evaluate(node.value, Frame(nil, file: node.span.file))
      evaluatedConstants.removeLast()
      constants[key] = .known(meaning)
      observations?.note(meaning, "constant", at: key)
      return meaning
    }
  }

  /// Reports a name that does not exist; gives the one that is offered in its place, with which the checker goes on.
  @discardableResult
  func unknownName(_ name: NameSyntax, _ frame: Frame) -> String? {
    if reporter.isUnread(name.text) {
      reporter.suppress()
      return nil
    }
    if reporter.isFull {
      reporter.hide(DiagnosticCode.unknownName.code, at: name.span)
      return nil
    }
    if words.functions[name.text] != nil {
      error(
        .misplacedLayer, "`\(name.text)` is a function of tensors", at: name.span, frame,
        help: [.init("write `\(name.text)(a, b)`")])
      return nil
    }
    if name.text == train?.net.text, frame.declaration == nil {
      netForOutput(name, frame)
      return nil
    }
    if words.layers[name.text] != nil || scope(frame).nets[name.text] != nil {
      error(
        .misplacedLayer, "`\(name.text)` is a layer; a tensor is sent through it with `->`", at: name.span, frame,
        help: [.init("write `x -> \(name.text)`")])
      return nil
    }
    if allowsLosses, let loss = words.losses[name.text] {
      _ = bind(loss, nil, at: name.span, frame)
      return nil
    }
    // An input that has no name may be the one that is meant.
    if frame.declaration?.body.contains(where: { $0.declaredName?.isDoubtful ?? false }) ?? false {
      reporter.suppress()
      return nil
    }
    let later = frame.declaration?.body.lazy.compactMap(\.declaredName).first { $0.text == name.text }
    if let later, later.span.start > name.span.start {
      error(
        .unknownName, "`\(name.text)` is declared further down", at: name.span, frame,
        secondary: [.init(later.span, "declared here")], help: [.init("move line \(later.span.line) up")])
      return nil
    }
    if isLabelRead(name, frame) || isReadByConstant(name, frame) { return nil }
    let near = suggestion(for: name, among: frame.allNames + Array(scope(frame).constants.keys))
    if near.word == nil,
      isTold(name, frame) || program.lacksImports(frame.file) || program.hasNamelessConstant || hasNameless(frame)
        || isMisread(frame)
    {
      reporter.suppress()
      return nil
    }
    if let word = near.word, let entry = frame.entry(word), reporter.isOnUnreadLine(entry.span) {
      reporter.suppress()
      return word
    }
    if near.word == nil, frame.declaration == nil, let text = misplacedWord(name.text) {
      error(.misplacedLayer, text, at: name.span, frame)
      return nil
    }
    if near.word == nil, lacksLine(frame) {
      reporter.suppress()
      return nil
    }
    let found = elsewhere(name.text, frame)
    error(
      .unknownName, "there is no `\(name.text)` here\(near.text)", at: name.span, frame,
      help: !near.help.isEmpty ? near.help : !found.isEmpty ? found : declarationHelp(name, frame))
    return near.word
  }

  /// Whether an input, output or layer in reach has a name that could not be read.
  func hasNameless(_ frame: Frame) -> Bool {
    let bodies = [frame.declaration?.body, frame.outer?.declaration?.body]
    let isTarget =
      frame.declaration == nil
      && train?.body.contains { if case .target(let node) = $0 { node.name.isDoubtful } else { false } } ?? false
    let spans = [frame.declaration?.span, frame.outer?.declaration?.span]
    let hasUnreadLayer = bodies.contains {
      $0?.contains { if case .layer(let node) = $0 { reporter.isUnread(node.span) } else { false } } ?? false
    }
    return isTarget || hasUnreadLayer
      || bodies.contains { $0?.contains { $0.declaredName?.isDoubtful ?? false } ?? false }
      || spans.contains { $0.map(reporter.hasNamelessFlow) ?? false }
  }

  /// Whether a line that gives names is not there, of which was told: that of the output, for what trains the net, or those of the
  /// inputs, for a body in which the first name was told to be missing.
  private func lacksLine(_ frame: Frame) -> Bool {
    if let declaration = frame.declaration {
      return declaration.inputNames.isEmpty && !bodiesWithoutInputs.insert(declaration.name.span).inserted
    }
    let outputs = net?.body.contains { if case .output = $0 { true } else { false } }
    return frame.outer?.declaration != nil && outputs == false
  }

  /// Whether a name was told to be missing in a body already.
  func isTold(_ name: NameSyntax, _ frame: Frame) -> Bool {
    guard let declaration = frame.declaration else { return false }
    return !toldMissing.insert("\(declaration.name.text) \(name.text)").inserted
  }

  /// Whether the net was told to lack a name.
  func isToldOfNet(_ name: NameSyntax) -> Bool {
    net.map { toldMissing.contains("\($0.name.text) \(name.text)") } ?? false
  }

  /// Whether the parameters or an input of the block could not be read, or its input does not fit: what it names may come of them.
  func isMisread(_ frame: Frame) -> Bool {
    guard let declaration = frame.declaration else { return frame.outer.map(isMisread) ?? false }
    return frame.isUnfit || bodiesWithDuplicates.contains(declaration.name.span) || hasUnreadHeader(declaration)
      || declaration.body.contains {
        if case .input(let node) = $0 {
          node.type.name.isMissing || reporter.isOnUnreadLine(node.span) || reporter.isUnread(node.span)
        } else {
          false
        }
      }
  }

  /// Whether a mistake of syntax stands among the parameters of a net or block.
  func hasUnreadHeader(_ net: NetSyntax) -> Bool {
    let start = net.span.start
    let line = net.span.file.lineRange(net.span.line).upperBound
    let first = net.body.first?.span.start ?? net.span.end
    // Where the list of parameters breaks off, the rest of it is header too.
    let list = net.parentheses.map { $0.text.hasSuffix(")") ? $0.end : first } ?? line
    let header = net.span.file.span(start, max(start, min(first, max(line, list))))
    return reporter.isUnread(header) || reporter.isGuessed(header, behind: start)
  }

  private func evaluate(_ call: CallSyntax, _ frame: Frame) -> Meaning {
    let name = call.path[0]
    if name.isMissing { return .unknown }
    if call.path.count == 2, let outputs = frame.labels[name.text] {
      if let output = outputs[call.path[1].text] { return output }
      // A flow without a name in the block may be the one.
      if let block = stageCalls.first(where: { $0.key.text == name.text })?.value.path.first,
        let net = scope(frame).nets[block.text], reporter.isUnread(net.span)
      {
        reporter.suppress()
        return .unknown
      }
      let near = suggestion(for: call.path[1], among: Array(outputs.keys))
      error(
        .unknownName, "`\(name.text)` has no output `\(call.path[1].text)`\(near.text)", at: call.path[1].span, frame,
        help: near.help)
      return .unknown
    }
    if call.path.count > 1 {
      unknownPath(call, frame)
      return .unknown
    }
    guard let arguments = call.arguments else { return read(name, frame) }
    if let function = CompileTimeFunction(rawValue: name.text) {
      return evaluate(function, arguments, call.span, frame)
    }
    if let function = words.functions[name.text] { return evaluate(function, call, frame) }
    if let loss = words.losses[name.text], allowsLosses { return expand(loss, call, frame) }
    if isNetCalled(call, frame) { return .unknown }
    if words.losses[name.text] != nil {
      error(.misplacedLayer, "`\(name.text)` is a loss; losses stand in `train`", at: name.span, frame)
    } else if let entry = frame.entry(name.text) {
      error(
        .misplacedLayer, "`\(name.text)` is \(entry.meaning.description), not a function", at: name.span, frame,
        help: calledValueHelp(entry, call))
    } else if words.layers[name.text] != nil || scope(frame).nets[name.text] != nil {
      return calledLayer(call, frame)
    } else if words.values[name.text] != nil {
      unknownLayer(name, frame)
    } else {
      if let text = otherWord(name.text) {
        error(.misplacedLayer, text, at: name.span, frame)
        return .unknown
      }
      let known =
        CompileTimeFunction.allCases.map(\.rawValue) + Array(words.functions.keys)
        + Array(allowsLosses ? Array(words.losses.keys) : [])
      if let help = penaltyHelp(call) {
        error(.unknownName, "there is no function `\(name.text)`", at: name.span, frame, help: help)
        return .unknown
      }
      let near = suggestion(
        for: name, among: known + Array(words.layers.keys),
        synonyms: (allowsLosses ? lossSynonyms : layerSynonyms).merging(functionSynonyms) { first, _ in first })
      error(
        .unknownName, "there is no function `\(name.text)`\(near.text)", at: name.span, frame,
        help: near.help.isEmpty ? foreignFunctionHelp(name.text) : near.help)
    }
    return .unknown
  }

  private func evaluate(_ node: UnarySyntax, _ frame: Frame) -> Meaning {
    switch node.operator {
    case .minus:
      let operand = evaluate(node.operand, frame)
      switch operand {
      case .unknown: return .unknown
      case .number(let number): return calculated(node.span, frame) { () throws(Number.Failure) in try .negate(number) }
      case .tensor(let tensor): return negated(tensor, node.span, frame)
      case .loss(let value): return scaled(value, by: -1, node.span, frame)
      default:
        error(.argumentKind, "`-` needs a number or a tensor, got \(operand.description)", at: node.span, frame)
        return .unknown
      }
    case .not: return condition(node.operand, frame, in: .unary(node)).map { .flag(!$0) } ?? .unknown
    }
  }

  /// The result of exact arithmetic, or what prevents it.
  func calculated(
    _ span: SourceSpan, _ frame: Frame, of expression: ExpressionSyntax? = nil,
    _ operation: () throws(Number.Failure) -> Number
  ) -> Meaning {
    do throws(Number.Failure) { return .number(try operation()) } catch {
      let reason =
        switch error {
        case .overflow: "is larger than 64 bits"
        case .divisionByZero: "divides by zero"
        case .notReal: "is no real number"
        }
      self.error(
        .arithmetic, "`\(shortened(span))` \(reason)", at: span, frame,
        notes: expression.map { origins(of: $0, frame) } ?? [])
      return .unknown
    }
  }
}

extension StatementSyntax {
  /// The name that a statement declares.
  var declaredName: NameSyntax? {
    switch self {
    case .input(let node): node.name
    case .output(let node): node.name
    case .layer(let node): node.name
    case .binding(let node): node.name
    case .assert: nil
    }
  }
}
