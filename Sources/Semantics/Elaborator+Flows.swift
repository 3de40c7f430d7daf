import Source
import Syntax
import Vocabulary

/// Where a flow stands in the count of its stages: unlabelled ones are called by their position, as `nn.Sequential` counts.
struct Position {
  var prefix: String
  var next = 0
}

extension Elaborator {
  /// What a flow stands for: its head, or the tensor that comes out of its last stage.
  func evaluate(_ flow: FlowSyntax, _ frame: Frame) -> Meaning {
    let head = evaluate(flow.head, frame)
    if flow.stages.isEmpty { return head }
    // What could not be read behind a loss or a number is told already.
    if case .tensor = head {} else if flow.stages.allSatisfy(\.isMissing) { return .unknown }
    observe(head, from: flow, frame)
    var current = tensor(head, at: flow.head.span, frame, help: tupleHelp(flow, frame))
    switch head {
    case .tensor, .unknown: break
    default: return .unknown
    }
    var position = Position(prefix: frame.prefix)
    for stage in flow.stages { current = apply(stage, to: current, &position, frame) }
    return .tensor(current)
  }

  /// What the flow of a statement stands for.
  func evaluateStatement(_ flow: FlowSyntax, _ frame: Frame) -> Meaning {
    let result = evaluate(flow, frame)
    if flow.stages.isEmpty { observe(result, from: flow, frame) }
    return result
  }

  private func observe(_ head: Meaning, from flow: FlowSyntax, _ frame: Frame) {
    guard case .tensor(let tensor) = head else { return }
    observe(.head, at: flow.head.span, tensor, path: frame.prefix, layersBefore: layers.count)
  }

  /// The tensor that a flow starts from; reports what is none.
  func tensor(
    _ meaning: Meaning, at span: SourceSpan, _ frame: Frame, help: @autoclosure () -> [Diagnostic.Help] = []
  ) -> TensorMeaning {
    switch meaning {
    case .tensor(let tensor): return tensor
    case .unknown: return .unknown
    default:
      error(
        .notATensor, "a flow starts from a tensor, got \(kindOf(meaning))", at: span, frame,
        help: quotedNameHelp(meaning, span, frame) ?? help())
      return .unknown
    }
  }

  /// `(a, b) -> gate`: what flows is one tensor.
  private func tupleHelp(_ flow: FlowSyntax, _ frame: Frame) -> [Diagnostic.Help] {
    let elements: [FlowSyntax]
    switch flow.head {
    case .tuple(let node): elements = node.elements
    case .list(let node): elements = node.elements
    default: return []
    }
    let names = elements.map { shortened($0.span) }
    if case .call(let call)? = flow.stages.first?.kind, let net = scope(frame).nets[call.path[0].text],
      net.inputNames.count == names.count, names.count > 1
    {
      let further = zip(net.inputNames, names).dropFirst().map { "\($0)=\($1)" }.joined(separator: ", ")
      return [.init("one tensor flows, the others are passed by name: `\(names[0]) -> \(net.name.text)(\(further))`")]
    }
    return names.count > 1 ? [.init("join them: `concat(\(names.joined(separator: ", "))) -> …`")] : []
  }

  private func kindOf(_ meaning: Meaning) -> String {
    if case .number(let number) = meaning { return "the number \(number)" }
    return meaning.description
  }

  func apply(
    _ stage: StageSyntax, to input: TensorMeaning, _ position: inout Position, _ frame: Frame
  ) -> TensorMeaning {
    guard spend(at: stage.span, frame) else { return .unknown }
    let before = layers.count
    let label = stage.label.flatMap { text(of: $0, frame) }
    if let label, let syntax = stage.label { checkIsNew(stage, label, syntax, joined(position.prefix, label), frame) }
    switch stage.kind {
    case .missing:
      position.next += 1
      return .unknown
    case .call(let call):
      let path = joined(position.prefix, label ?? String(position.next))
      position.next += 1
      stageCalls[place(of: stage)] = call
      let result = apply(
        call, to: input, StageSite(label: label, path: path, span: stage.span, place: place(of: stage)), frame)
      observe(.call, at: stage.span, result, path: path, layersBefore: before)
      return result
    case .group, .repeat, .for, .if:
      let result: TensorMeaning
      let path = label.map { joined(position.prefix, $0) } ?? position.prefix
      if label != nil {
        position.next += 1
        var inner = Position(prefix: path)
        result = splice(stage.kind, input, &inner, frame)
      } else {
        result = splice(stage.kind, input, &position, frame)
      }
      observe(.compound, at: stage.span, result, path: path, layersBefore: before)
      return result
    }
  }

  /// A label names one layer of a path.
  private func checkIsNew(
    _ stage: StageSyntax, _ label: String, _ syntax: LabelSyntax, _ path: String, _ frame: Frame
  ) {
    guard let first = labelPlaces.updateValue(syntax.span, forKey: path), first != syntax.span else { return }
    labelPlaces[path] = first
    error(
      .duplicateParameter, "two layers are called `\(path)`", at: syntax.span, frame,
      secondary: [.init(first, "the first one")], help: sharedLabelHelp(stage, syntax.span, first, frame))
  }

  /// The stages of a compound stage, which continue the count of `position`.
  private func splice(
    _ kind: StageSyntax.Kind, _ input: TensorMeaning, _ position: inout Position, _ frame: Frame
  ) -> TensorMeaning {
    switch kind {
    case .call, .missing: return input
    case .group(let group): return apply(group, to: input, &position, frame)
    case .repeat(let node): return apply(node, to: input, &position, frame)
    case .for(let node): return apply(node, to: input, &position, frame)
    case .if(let node): return apply(node, to: input, &position, frame)
    }
  }

  private func apply(
    _ group: GroupSyntax, to input: TensorMeaning, _ position: inout Position, _ frame: Frame
  ) -> TensorMeaning {
    var current = input
    for stage in group.stages { current = apply(stage, to: current, &position, frame) }
    return current
  }

  private func apply(
    _ node: RepeatSyntax, to input: TensorMeaning, _ position: inout Position, _ frame: Frame
  ) -> TensorMeaning {
    let meaning = evaluate(node.count, frame)
    let notes = origins(of: node.count, frame)
    if case .list = meaning {
      error(
        .size, "the count of `repeat` must be a whole number, got \(meaning.description)", at: node.count.span, frame,
        help: [.init("`for n in \(shortened(node.count.span)) { … }` takes one element after the other")])
      resolveOnce(node.body, frame)
      return .unknown
    }
    guard let count = whole(meaning, "the count of `repeat`", atLeast: 0, at: node.count.span, frame, notes: notes)
    else {
      resolveOnce(node.body, frame)
      return .unknown
    }
    if count == 0 { resolveOnce(node.body, frame) }
    var current = input
    rounds.append((0, count))
    defer { rounds.removeLast() }
    for number in 0..<count {
      guard spend(at: node.count.span, frame) else { return .unknown }
      rounds[rounds.count - 1].number = number + 1
      current = apply(node.body, to: current, &position, frame)
    }
    return current
  }

  private func apply(
    _ node: ForSyntax, to input: TensorMeaning, _ position: inout Position, _ frame: Frame
  ) -> TensorMeaning {
    let sequence = evaluate(node.sequence, frame)
    guard case .list(let list) = sequence else {
      if !sequence.isUnknown {
        error(
          .argumentKind, "`for` needs a list, got \(sequence.description)", at: node.sequence.span, frame,
          help: sequence.whole.map { count in
            [
              .init("`range(1, \(count &+ 1))` is the list of the numbers from 1 to \(count)"),
              .init("or do the same \(count) times by `repeat \(count) { … }`"),
            ]
          } ?? [.init("write a list such as `[64, 128]` or `range(1, 7)`")])
      }
      resolveLoop(node, frame)
      return .unknown
    }
    let elements = list.elements
    if elements.isEmpty { resolveLoop(node, frame) }
    for variable in node.variables {
      if let known = frame.names[variable.text], known.span != variable.span { duplicate(variable, known.span, frame) }
    }
    let saved = node.variables.map { ($0.text, frame.names[$0.text]) }
    defer { for (name, entry) in saved { frame.names[name] = entry } }
    var current = input
    // The places of the elements, where they are written one by one.
    var places: [SourceSpan?] = elements.map { _ in nil }
    if case .list(let list) = node.sequence, list.elements.count == elements.count {
      places = list.elements.map(\.span)
    }
    for element in zip(elements, places) {
      guard spend(at: node.sequence.span, frame) else { return .unknown }
      bind(node.variables, to: element, at: node.sequence.span, frame)
      current = apply(node.body, to: current, &position, frame)
    }
    return current
  }

  /// Gives the variables of a `for` the parts of an element.
  private func bind(
    _ variables: [NameSyntax], to element: (Meaning, SourceSpan?), at span: SourceSpan, _ frame: Frame
  ) {
    var parts = [element.0]
    if variables.count > 1 {
      if case .list(let list) = element.0, list.count == variables.count {
        parts = list.elements
      } else {
        if !element.0.isUnknown {
          let got = if case .list(let list) = element.0 { "\(list.count)" } else { "one, \(element.0.description)" }
          error(
            .argumentKind, "`for` takes \(variables.count) values from each element, got \(got)", at: span, frame,
            secondary: element.1.map { [.init($0, "this one")] } ?? [])
        }
        parts = variables.map { _ in .unknown }
      }
    }
    for (variable, part) in zip(variables, parts) {
      frame.names[variable.text] = Frame.Entry(meaning: part, kind: .variable, span: variable.span)
      observations?.note(part, Frame.Kind.variable.rawValue, at: variable.span)
      used.insert(variable.span)
    }
  }

  private func apply(
    _ node: ConditionalStageSyntax, to input: TensorMeaning, _ position: inout Position, _ frame: Frame
  ) -> TensorMeaning {
    guard let holds = condition(node.condition, frame) else {
      resolveOnce(node.then, frame)
      if case .group(let group)? = node.otherwise { resolveOnce(group, frame) }
      if case .if(let other)? = node.otherwise { resolve(other, frame) }
      return .unknown
    }
    if !holds { resolveOnce(node.then, frame) }
    switch node.otherwise {
    case nil: return holds ? apply(node.then, to: input, &position, frame) : input
    case .group(let group):
      if holds { resolveOnce(group, frame) }
      return apply(holds ? node.then : group, to: input, &position, frame)
    case .if(let other):
      if holds, resolved.insert(other.span).inserted { resolve(other, frame) }
      return holds
        ? apply(node.then, to: input, &position, frame) : apply(other, to: input, &position, frame)
    }
  }

  /// The text of a label; a numbered one takes the value of its variable.
  private func text(of label: LabelSyntax, _ frame: Frame) -> String? {
    switch label.kind {
    case .name(let name): return name.isEmpty ? nil : name
    case .string(let text): return text
    case .numbered(let prefix, let variable):
      let number = read(variable, frame)
      guard !number.isUnknown else { return nil }
      guard case .number(let value) = number, let whole = value.whole else {
        error(
          .argumentKind, "`\(variable.text)` numbers a label and must be a whole number, got \(number.description)",
          at: variable.span, frame)
        return nil
      }
      return prefix.text + String(whole)
    }
  }

  /// What a diagnostic about a stage points at: its label, or the name it calls.
  private func place(of stage: StageSyntax) -> SourceSpan {
    if let label = stage.label { return label.span }
    if case .call(let call) = stage.kind { return call.path[0].span }
    return stage.span
  }
}

/// A stage that calls something: what it is called, and where it stands.
struct StageSite {
  var label: String?
  /// The path of its parameters.
  var path: String
  var span: SourceSpan
  /// The label, or the word.
  var place: SourceSpan

  /// The path of what the stage stands in, with a dot behind it; empty at the top.
  var prefix: String { path.lastIndex(of: ".").map { String(path[...$0]) } ?? "" }
}

/// The text of a span on one line, cut where it is long.
func shortened(_ span: SourceSpan) -> String {
  let text = span.text.split(whereSeparator: { $0.isWhitespace }).joined(separator: " ")
  return text.count > 40 ? text.prefix(37) + "..." : text
}
