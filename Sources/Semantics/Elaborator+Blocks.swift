import Graphs
import Source
import Syntax
import Vocabulary

extension Elaborator {
  /// Expands a block (or a net used as one) whose first input is `input`. Each argument comes with the body it was written in: those of
  /// a shared block stand where it is declared.
  func apply(
    _ net: NetSyntax, _ arguments: [(ArgumentSyntax, Frame)], to input: TensorMeaning, _ stage: StageSite,
    _ frame: Frame
  ) -> TensorMeaning {
    used.insert(net.name.span)
    var ancestor: Frame? = frame
    while let current = ancestor {
      if current.declaration?.name.span == net.name.span {
        recursion(net, at: stage.place, frame)
        return .unknown
      }
      ancestor = current.caller?.frame
    }
    if frame.depth > Elaborator.depthLimit {
      error(.expansion, "blocks call blocks more than \(Elaborator.depthLimit) deep", at: stage.place, frame)
      return .unknown
    }
    let inner = Frame(net, prefix: stage.path, caller: (frame, stage.span))
    var inputs: [String: TensorMeaning] = [:]
    guard bind(net, arguments, at: stage.place, into: inner, &inputs, frame) else {
      if let label = stage.label { frame.labels[label] = net.unknownOutputs }
      return .unknown
    }
    if let first = net.inputNames.first { inputs[first] = input }
    elaborateBody(net, inner, inputs: inputs)
    if let label = stage.label {
      frame.labels[label] = Dictionary(
        inner.outputs.map { ($0.name, $0.meaning) }, uniquingKeysWith: { first, _ in first })
    }
    guard case .tensor(var result)? = inner.outputs.first?.meaning else { return .unknown }
    result.name = nil
    return result
  }

  /// The statements of a body, top to bottom. Without `inputs` the net is the one that is compiled: its inputs are fed.
  func elaborateBody(_ net: NetSyntax, _ frame: Frame, inputs: [String: TensorMeaning]?) {
    for statement in net.body {
      guard compute(at: statement.span, frame) else { return }
      switch statement {
      case .input(let node): elaborate(node, frame, inputs)
      case .output(let node): elaborate(node, frame)
      case .layer(let node): elaborate(node, frame)
      case .assert(let node): elaborate(node, frame)
      case .binding(let node):
        if let layer = layerInBinding(node, frame) {
          declare(node.name, layer, .layer, frame)
          continue
        }
        declare(node.name, named(evaluateStatement(node.value, frame), node.name.text), .binding, frame)
      }
    }
    if frame.outputs.isEmpty { noOutput(net) }
  }

  private func elaborate(_ node: InputSyntax, _ frame: Frame, _ inputs: [String: TensorMeaning]?) {
    if let inputs {
      var given = inputs[node.name.text] ?? .unknown
      let mark = Reporter.Mark(reporter)
      bindInput(node, given, frame)
      if mark.hasErrors(reporter) { given.tensor = nil }
      return declare(node.name, .tensor(given), .input, frame)
    }
    guard sizesAreKnown(node, frame), let type = exampleType(node.type, frame) else {
      return declare(node.name, .unknown, .input, frame)
    }
    let shape = pretendedShapes[node.name.span] ?? type.shape
    let meaning = feed(node.name, ExampleType(type.element, shape), .input, frame)
    if meaning.tensor != nil { inputTypes.append((node.name.text, type)) }
    declare(node.name, .tensor(meaning), .input, frame)
  }

  /// A tensor that every step is given.
  func feed(_ name: NameSyntax, _ type: ExampleType, _ role: Feed.Role, _ frame: Frame) -> TensorMeaning {
    let chain = ChainStep(name.text, type, at: name.span)
    site.begin(path: name.text, line: name.span.line)
    guard let value = try? site.builder.feed(name.text, role: role, type: type.batched(site.batch)) else {
      tooLarge(type, at: name.span, frame)
      return TensorMeaning(chain: chain)
    }
    return TensorMeaning(tensor: Tensor(value: value, type: type), chain: chain, name: name.text)
  }

  /// Whether a size of a promise is less than 1: so is one of the flow, which was told to fail.
  private func isTooSmall(_ type: TypeSyntax, _ frame: Frame) -> Bool {
    (type.dimensions ?? []).contains { dimension in
      guard case .binary = dimension, case .number(let number) = evaluate(dimension, frame) else { return false }
      return number.double < 1
    }
  }

  /// Reports a net or block that a call of itself leads to, once for all that call one another.
  private func recursion(_ net: NetSyntax, at place: SourceSpan, _ frame: Frame) {
    var circle: [NetSyntax] = []
    var caller: Frame? = frame
    while let current = caller {
      if let declaration = current.declaration { circle.append(declaration) }
      caller = current.declaration?.name.span == net.name.span ? nil : current.caller?.frame
    }
    if circle.contains(where: { reporter.recursive.contains($0.name.span) }) { return reporter.suppress() }
    reporter.recursive.formUnion(circle.map(\.name.span))
    let others = circle.filter { $0.name.span != net.name.span }.map { "`\($0.name.text)`" }
    let way = others.isEmpty ? "" : " by way of \(others.prefix(4).reversed().joined(separator: ", "))"
    error(
      .expansion, "`\(net.name.text)` calls itself\(way): nets and blocks cannot be recursive", at: place, frame)
  }

  /// Whether the line below an output, which could not be read, stands further right: the flow went on there.
  private func isCutOff(_ node: OutputSyntax) -> Bool {
    let file = node.span.file
    guard node.span.lastLine < file.lineStarts.count else { return false }
    let range = file.lineRange(node.span.lastLine + 1)
    guard let text = range.first(where: { file.bytes[$0] != 0x20 && file.bytes[$0] != 0x09 }) else { return false }
    let margin = node.span.start - file.lineStarts[node.span.line - 1]
    return text - range.lowerBound > margin && reporter.isOnUnreadLine(file.span(text, text))
  }

  private func elaborate(_ node: OutputSyntax, _ frame: Frame) {
    let mark = Reporter.Mark(reporter)
    var result = tensor(evaluateStatement(node.value, frame), at: node.value.span, frame)
    if let type = node.type, !(mark.hasErrors(reporter) && isTooSmall(type, frame)),
      let promised = exampleType(type, frame)
    {
      if let found = result.tensor?.type, found != promised, isCutOff(node) {
        reporter.suppress()
      } else if let found = result.tensor?.type, found != promised, isWorthTelling(.promise, at: type.span) {
        error(
          .promise, "`\(node.name.text)` is promised as \(promised), gets \(found)", at: type.span, frame,
          label: "promised here", notes: shapes(result.chain),
          help: alternatives(
            promiseHelp(result.chain, promised, found, for: type.span) + [
              // Who else reads the output may count on the promise.
              .init(
                frame.caller != nil ? "change the promise, which is made to all callers" : "promise `\(found)`",
                edits: train == nil && frame.caller == nil ? [.init(type.span, "\(found)")] : [],
                isSure: false),
              .init("change the layers that lead to it"),
            ]))
      }
      if let found = result.tensor?.type, found != promised, frame.caller == nil {
        // Which of the two is wrong is not known.
        result.tensor = nil
      } else if result.tensor?.type != promised {
        result.tensor = site.placeholder(promised)
      }
    }
    declare(node.name, named(.tensor(result), node.name.text), .output, frame)
    frame.outputs.append((node.name.text, named(.tensor(result), node.name.text)))
  }

  private func elaborate(_ node: LayerSyntax, _ frame: Frame) {
    let name = node.call.path[0]
    if let word = words.values[name.text], node.call.path.count == 1 {
      return declare(node.name, .tensor(value(word, node, frame)), .layer, frame)
    }
    var meaning = Meaning.layer(SharedLayer(name: node.name.text, call: node.call, frame: frame))
    if name.isMissing {
      meaning = .unknown
    } else if words.layers[name.text] == nil, scope(frame).nets[name.text] == nil {
      meaning =
        unknownLayer(name, frame, node.call).map {
          .layer(SharedLayer(name: node.name.text, call: node.call.calling($0), frame: frame))
        } ?? .unknown
    } else if let net = scope(frame).nets[name.text] {
      used.insert(net.name.span)
    }
    declare(node.name, meaning, .layer, frame)
  }

  /// The tensor that a word makes of nothing.
  private func value(_ word: any ValueWord.Type, _ node: LayerSyntax, _ frame: Frame) -> TensorMeaning {
    let place = node.call.path[0].span
    guard let bound = bind(word, node.call.arguments, at: place, frame) else { return .unknown }
    let path = joined(frame.prefix, node.name.text)
    site.begin(path: path, line: place.line)
    let firstNode = site.builder.graph.nodes.count
    var result: Tensor?
    do {
      result = try word.value(bound.arguments, site)
    } catch {
      let stage = StageSite(label: node.name.text, path: path, span: node.call.span, place: node.name.span)
      report(
        error, LayerFailure(name: node.name.text, word: word.name, input: .unknown, bound: bound, stage: stage), frame)
      result = site.fallback.flatMap(site.placeholder)
    }
    for variable in site.takeNewVariables() { parameterPlaces[variable] = node.name.span }
    guard let result else { return .unknown }
    layers.append(
      LayerSummary(
        path: path, word: word.name, line: place.line, type: result.type, parameterCount: site.parameterCount,
        multiplyAdds: 0, activationBytes: 0, detail: "", keepsShape: false,
        nodes: firstNode..<site.builder.graph.nodes.count))
    return TensorMeaning(
      tensor: result, chain: ChainStep(node.name.text, result.type, at: node.name.span), name: node.name.text)
  }

  private func elaborate(_ node: AssertSyntax, _ frame: Frame) {
    guard condition(node.condition, frame) == false else { return }
    let message = node.message.map { ": \($0.value)" } ?? ""
    error(
      .assertion, "the assertion `\(shortened(node.condition.span))` does not hold\(message)", at: node.span, frame,
      notes: origins(of: node.condition, frame))
  }

  /// Adds a name to a body; a name can be declared once.
  func declare(_ name: NameSyntax, _ meaning: Meaning, _ kind: Frame.Kind, _ frame: Frame) {
    if name.isMissing { return }
    if let known = frame.names[name.text], known.span != name.span {
      // Which of the two is meant further down nobody knows.
      frame.names[name.text]?.meaning = .unknown
      return duplicate(name, known.span, frame)
    }
    frame.names[name.text] = Frame.Entry(meaning: meaning, kind: kind, span: name.span)
    observations?.note(meaning, kind.rawValue, at: name.span)
  }

  func duplicate(_ name: NameSyntax, _ first: SourceSpan, _ frame: Frame) {
    if let declaration = frame.declaration { bodiesWithDuplicates.insert(declaration.name.span) }
    error(
      .duplicateName, "`\(name.text)` is declared twice", at: name.span, frame,
      secondary: [.init(first, "first declared here")],
      help: frame.declaration?.body.contains(where: {
        if case .binding(let node) = $0 { node.name.span == name.span } else { false }
      }) ?? false
        ? [.init("a name keeps its value: write `\(name.text)2 = …`, and `\(name.text)2` further down")] : [])
  }

  /// A tensor under the name of a binding.
  private func named(_ meaning: Meaning, _ name: String) -> Meaning {
    guard case .tensor(var tensor) = meaning else { return meaning }
    tensor.name = name
    return .tensor(tensor)
  }

  func tooLarge(_ type: ExampleType, at span: SourceSpan, _ frame: Frame?) {
    error(
      .tooLarge, "\(type) for a batch of \(site.batch) is larger than any tensor can be", at: span, frame,
      help: [.init("a tensor may have 2^42 elements")])
  }
}

extension NetSyntax {
  /// The outputs, of which nothing is known.
  fileprivate var unknownOutputs: [String: Meaning] {
    let names = body.compactMap { if case .output(let node) = $0 { node.name.text } else { nil } }
    return Dictionary(names.map { ($0, Meaning.unknown) }, uniquingKeysWith: { first, _ in first })
  }

  /// The names of the inputs, in order.
  var inputNames: [String] {
    body.compactMap { if case .input(let node) = $0 { node.name.text } else { nil } }
  }
}
