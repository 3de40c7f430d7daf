import Graphs
import Source
import Syntax
import Vocabulary

extension Elaborator {
  /// The result of a stage that calls a declared layer, a block or a word.
  func apply(_ call: CallSyntax, to input: TensorMeaning, _ stage: StageSite, _ frame: Frame) -> TensorMeaning {
    let name = call.path[0]
    if name.isMissing || isExhausted { return .unknown }
    let entry = frame.entry(name.text)
    if let entry { used.insert(entry.span) }
    if call.path.count > 1 {
      if case .layer(let layer)? = entry?.meaning {
        return apply(layer, use: call, to: input, stage, frame)
      }
      return unknownLayer(name, frame, call).map { apply(call.calling($0), to: input, stage, frame) } ?? .unknown
    }
    if case .layer(let layer)? = entry?.meaning { return apply(layer, call, to: input, stage, frame) }
    if let net = scope(frame).nets[name.text] {
      return apply(net, (call.arguments?.arguments ?? []).map { ($0, frame) }, to: input, stage, frame)
    }
    if let word = words.layers[name.text] {
      let bound = bind(word, call.arguments, at: name.span, frame)
      return apply(word, bound, to: input, stage, frame)
    }
    if case .unknown? = entry?.meaning { return .unknown }
    if let entry {
      error(
        .unknownLayer, "`\(name.text)` is \(entry.meaning.description), not a layer", at: name.span, frame,
        secondary: [.init(entry.span, "declared here")], help: [notALayer(entry, name.text)])
      return .unknown
    }
    return unknownLayer(name, frame, call).map { apply(call.calling($0), to: input, stage, frame) } ?? .unknown
  }

  /// Reports a layer that does not exist; gives the one that is offered in its place, with which the checker goes on.
  @discardableResult
  func unknownLayer(_ name: NameSyntax, _ frame: Frame, _ call: CallSyntax? = nil) -> String? {
    // In a body that is expanded a thousand times it is looked for once.
    if let known = replacedLayers[name.span] {
      reporter.suppress()
      return known
    }
    let meant = reportUnknownLayer(name, frame, call)
    replacedLayers[name.span] = .some(meant)
    return meant
  }

  private func reportUnknownLayer(_ name: NameSyntax, _ frame: Frame, _ call: CallSyntax?) -> String? {
    if reporter.isUnread(name.text) {
      reporter.suppress()
      return nil
    }
    if reporter.isFull {
      reporter.hide(DiagnosticCode.unknownLayer.code, at: name.span)
      return nil
    }
    if let text = otherWord(name.text) {
      error(.misplacedLayer, text, at: name.span, frame)
      return nil
    }
    // `nn.Linear`: the last part is what was meant.
    let last = call?.path.last ?? name
    let place = name.span.extended(to: last.span)
    if words.values[name.text] != nil {
      error(
        .misplacedLayer, "`\(name.text)` makes a value of its own: it is declared by `layer` and then named",
        at: name.span,
        frame, help: [.init("write a line `layer p: \(name.text)(…)`, and `x + p`")])
      return nil
    }
    if words.functions[name.text] != nil {
      error(
        .misplacedLayer, "`\(name.text)` is a function of tensors, not a layer", at: name.span, frame,
        help: [functionHelp(name.text, call)])
      return nil
    }
    if isDeclaredLater(last, frame) || isLabel(name, call, frame) { return nil }
    let candidates =
      Array(words.layers.keys) + Array(scope(frame).nets.keys)
      + frame.allNames.filter { frame.entry($0)?.kind == .layer }
    let near = suggestion(for: last.text, at: place, among: candidates, synonyms: layerSynonyms)
    if near.word == nil,
      isTold(name, frame) || program.lacksImports(frame.file) || program.hasNamelessNet || hasNameless(frame)
        || isMisread(frame)
    {
      reporter.suppress()
      return nil
    }
    if let word = near.word, let place = frame.entry(word)?.span ?? scope(frame).nets[word]?.name.span,
      reporter.isOnUnreadLine(place)
    {
      reporter.suppress()
      return word
    }
    var help = near.help
    let meant = near.word.flatMap { word in
      fits(word, call, frame) || help.contains(where: \.isSure) && !lacksArguments(word, call) ? word : nil
    }
    // What would only be the next mistake is said, and not offered.
    if meant == nil {
      for index in help.indices { help[index].withholdEdits() }
      if let word = near.word.flatMap({ words.layers[$0] }) {
        let needed = word.schema.filter { $0.presence == .required }.map(\.name).joined(separator: ", ")
        if !help.isEmpty, !needed.isEmpty { help[0].text = "write `\(word.name)(\(needed))`" }
        help.append(.init("\(word.name)(\(word.signature)): \(word.documentation)"))
      }
    }
    error(
      .unknownLayer, "there is no layer or block `\(call?.pathText ?? name.text)`\(near.text)", at: place, frame,
      help: help.isEmpty
        ? elsewhere(name.text, frame) + foreignWordHelp(last.text) + partHelp(call, frame) : help)
    return meant
  }

  /// Whether the arguments of a call could be those of the layer or block called `name`.
  private func fits(_ name: String, _ call: CallSyntax?, _ frame: Frame) -> Bool {
    let arguments = call?.arguments?.arguments ?? []
    let named = Set(arguments.compactMap(\.name?.text))
    let count = arguments.count - named.count
    let places: [(name: String, isRequired: Bool, isNamedOnly: Bool)]
    if let word = words.layers[name] {
      places = word.schema.map { ($0.name, $0.presence == .required, $0.isNamedOnly) }
    } else if let net = scope(frame).nets[name] {
      places =
        net.parameters.map { ($0.name.text, $0.defaultValue == nil, false) }
        + net.inputNames.dropFirst().map { ($0, true, true) }
    } else {
      return arguments.isEmpty
    }
    let open = places.filter { !$0.isNamedOnly && !named.contains($0.name) }
    return named.isSubset(of: places.map(\.name)) && count <= open.count
      && !open.dropFirst(count).contains(where: \.isRequired)
      && !places.contains { $0.isNamedOnly && $0.isRequired && !named.contains($0.name) }
  }

  /// Whether a call without any arguments would lack some with the word called `name`.
  private func lacksArguments(_ name: String, _ call: CallSyntax?) -> Bool {
    call?.arguments?.arguments.isEmpty ?? true
      && words.layers[name]?.schema.contains { $0.presence == .required } ?? false
  }

  /// A declaration of that name in a file that another one imports.
  func elsewhere(_ name: String, _ frame: Frame) -> [Diagnostic.Help] {
    program.files(declaring: name).filter { $0 != frame.file ?? program.file }.map {
      .init("`\(name)` is declared in \($0.path): import that file here")
    }
  }

  /// What is said of `block.part` where a layer stands.
  private func partHelp(_ call: CallSyntax?, _ frame: Frame) -> [Diagnostic.Help] {
    guard let path = call?.path, path.count == 2, let block = scope(frame).nets[path[0].text] else { return [] }
    let isOutput = block.body.contains {
      if case .output(let node) = $0 { node.name.text == path[1].text } else { false }
    }
    return [
      .init(
        isOutput
          ? "a flow through `\(path[0].text)` gives its first output; the others are read by the label of the stage"
          : "from outside, only the outputs of a block are seen: write `output \(path[1].text) = …` in `\(path[0].text)`"
      )
    ]
  }

  private func notALayer(_ entry: Frame.Entry, _ name: String) -> Diagnostic.Help {
    switch entry.kind {
    case .binding, .output:
      .init("its layers have made it already; a layer to use again is declared: `layer \(name): …`")
    case .input: .init("a flow starts from it: `\(name) -> …`")
    case .layer: .init("it is a value of its own: it is added or multiplied, `x + \(name)`")
    default: .init("after `->` stands a layer or a block")
    }
  }

  /// Expands a word and notes the layer. `use` names another use of a declared layer's weights.
  func apply(
    _ word: any LayerWord.Type, _ bound: BoundCall?, to input: TensorMeaning, _ stage: StageSite, _ frame: Frame,
    use: String? = nil
  ) -> TensorMeaning {
    let name = stage.label ?? word.name
    guard var bound else {
      return TensorMeaning(tensor: word.keepsShape ? input.tensor : nil, chain: input.chain)
    }
    guard let tensor = input.tensor else { return TensorMeaning(chain: input.chain) }
    // Which arguments are meant is not known.
    if reporter.isGuessed(stage.span, behind: stage.place.end) { return TensorMeaning(chain: input.chain) }
    if let padding = pretendedPadding[stage.place] { bound.arguments.values["pad"] = .whole(padding) }
    let line = stage.place.line
    site.begin(path: stage.path, line: line)
    let firstNode = site.builder.graph.nodes.count
    var result: Tensor?
    do {
      result = try expand(word, use, tensor, bound.arguments)
    } catch {
      let failure = LayerFailure(name: name, word: word.name, input: input, bound: bound, stage: stage)
      result = report(error, failure, frame) { [self] path, arguments throws(WordError) in
        site.begin(path: path, line: line)
        return try expand(word, use, tensor, arguments)
      }
      let isMisread = !misreadInputs.isEmpty && root(of: input.chain).map { misreadInputs.contains($0.place) } ?? false
      // Layers behind one that numbers of words or classes have reached would only get them too.
      let isIndex = if case .index = tensor.type.element { true } else { false }
      if isMisread || describesBatch || isIndex { result = nil }
    }
    for variable in site.takeNewVariables() { parameterPlaces[variable] = stage.place }
    guard let result else { return TensorMeaning(chain: input.chain) }
    layers.append(
      LayerSummary(
        path: stage.path, word: word.name, line: line, type: result.type, parameterCount: site.parameterCount,
        multiplyAdds: site.multiplyAdds, activationBytes: saturatingBytes(result.type),
        detail: use ?? bound.arguments.detail, keepsShape: word.keepsShape,
        nodes: firstNode..<site.builder.graph.nodes.count))
    let chain = ChainStep(
      frame.caller == nil ? name : stage.label == nil ? "\(name) (\(stage.path))" : stage.path, result.type,
      at: stage.place, arithmetic: site.arithmetic,
      keepsShape: word.keepsShape, word: word.name,
      resize: site.resize, remedy: site.remedy, previous: input.chain)
    var meaning = TensorMeaning(tensor: result, chain: chain)
    meaning.madeBy = (word.name, stage.span)
    noteHabits(word, bound, input, &meaning, stage, frame)
    return meaning
  }

  private func expand(
    _ word: any LayerWord.Type, _ use: String?, _ tensor: Tensor, _ arguments: Arguments
  ) throws(WordError) -> Tensor {
    if let use, let word = word as? any TiedWord.Type { return try word.expand(use: use, tensor, arguments, site) }
    return try word.expand(tensor, arguments, site)
  }

  /// Reports why a layer does not fit; gives what it makes all the same. That is what it makes after the fix that is offered: without the size
  /// that it states, or under a label of its own. Else it is the declared shape.
  private func report(
    _ fact: WordError, _ failure: LayerFailure, _ frame: Frame,
    again expand: (_ path: String, Arguments) throws(WordError) -> Tensor
  ) -> Tensor? {
    let fallback = site.fallback
    var (failure, result, next) = (failure, nil as Tensor?, nil as WordError?)
    if case .statedSize(let stated, _, _, _) = fact, !site.isShared, !dropping(stated, failure).isEmpty {
      var arguments = failure.bound.arguments
      arguments.values[stated] = nil
      do {
        result = try expand(failure.stage.path, arguments)
        failure.fitsWithoutStatedSize = true
      } catch .duplicateParameter(let name) {
        next = .duplicateParameter(name)
        failure.fitsWithoutStatedSize = true
      } catch {}
    } else if case .duplicateParameter(let parameter) = fact, !site.isShared, isNewMisfit(at: failure.stage.place),
      parameterPlaces[parameter] != failure.stage.place, let label = freeLabel(failure)
    {
      failure.freeLabel = label
      result = try? expand(failure.stage.prefix + label, failure.bound.arguments)
    }
    report(fact, failure, frame)
    if let next { report(next, failure, frame) }
    return result ?? fallback.flatMap(site.placeholder)
  }

  /// Uses a declared layer: its weights are made at the first use.
  private func apply(
    _ layer: SharedLayer, _ call: CallSyntax, to input: TensorMeaning, _ stage: StageSite, _ frame: Frame
  ) -> TensorMeaning {
    guard begin(layer) else { return .unknown }
    defer { endLayer() }
    let wasShared = site.isShared
    site.isShared = true
    defer { site.isShared = wasShared }
    let name = layer.call.path[0]
    let shared = StageSite(label: stage.label ?? layer.name, path: layer.path, span: stage.span, place: stage.place)
    if let word = words.layers[name.text], layer.call.path.count == 1 {
      if let arguments = call.arguments, !arguments.arguments.isEmpty {
        error(
          .repeatedArgument, "`\(layer.name)` has its arguments where it is declared", at: arguments.span, frame,
          secondary: [.init(layer.call.span, "declared here")],
          help: [.init("write `\(layer.name)`", edits: [.init(arguments.span, "")], isSure: false)])
      }
      return apply(word, bind(word, layer.call.arguments, at: name.span, layer.frame), to: input, shared, frame)
    }
    if let net = scope(layer.frame).nets[name.text] {
      let arguments =
        (layer.call.arguments?.arguments ?? []).map { ($0, layer.frame) }
        + (call.arguments?.arguments ?? []).map { ($0, frame) }
      return apply(net, arguments, to: input, shared, frame)
    }
    return .unknown
  }

  private func saturatingBytes(_ type: ExampleType) -> Int {
    let (bytes, overflow) = type.count.multipliedReportingOverflow(by: 4)
    return overflow ? Int.max : bytes
  }
}
