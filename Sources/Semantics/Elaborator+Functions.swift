import Source
import Syntax
import Vocabulary

extension Elaborator {
  /// The tensor that a word makes which is called like a function: `concat(a, b)`.
  func evaluate(_ word: any FunctionWord.Type, _ call: CallSyntax, _ frame: Frame) -> Meaning {
    let name = call.path[0]
    guard let bound = bind(word, call.arguments, at: name.span, frame) else { return .tensor(.unknown) }
    let chain = word.schema.lazy.compactMap { bound.tensors[$0.name]?.chain }.first
    site.begin(path: frame.prefix, line: name.span.line)
    do {
      let tensor = try word.expand(bound.arguments, site)
      let step = ChainStep(word.name, tensor.type, at: name.span, previous: chain)
      return .tensor(TensorMeaning(tensor: tensor, chain: step))
    } catch {
      let failure = LayerFailure(
        name: word.name, word: word.name, input: TensorMeaning(chain: chain), bound: bound,
        stage: StageSite(label: nil, path: frame.prefix, span: call.span, place: name.span))
      report(error, failure, frame)
      return .tensor(.unknown)
    }
  }

  /// A declared layer's weights in another use: `tok.unembed`.
  func apply(
    _ layer: SharedLayer, use call: CallSyntax, to input: TensorMeaning, _ stage: StageSite, _ frame: Frame
  ) -> TensorMeaning {
    let (declared, name) = (layer.call.path[0], call.path[1])
    let word = words.layers[declared.text]
    let uses = (word as? any TiedWord.Type)?.uses ?? []
    guard let word, uses.contains(name.text), call.path.count == 2 else {
      let near = suggestion(for: name, among: uses)
      error(
        .unknownLayer, "\(declared.text) has no `\(name.text)`\(near.text)", at: name.span, frame, help: near.help)
      return .unknown
    }
    if let arguments = call.arguments, !arguments.arguments.isEmpty {
      error(.repeatedArgument, "`\(call.pathText)` takes no arguments", at: arguments.span, frame)
    }
    guard begin(layer) else { return .unknown }
    defer { endLayer() }
    let wasShared = site.isShared
    site.isShared = true
    defer { site.isShared = wasShared }
    let bound = bind(word, layer.call.arguments, at: declared.span, layer.frame)
    let shared = StageSite(
      label: stage.label ?? call.pathText, path: layer.path, span: stage.span, place: stage.place)
    return apply(word, bound, to: input, shared, frame, use: name.text)
  }

  /// A declared layer with its arguments; nil for a block.
  func declared(_ layer: SharedLayer) -> DeclaredLayer? {
    guard begin(layer) else { return nil }
    defer { endLayer() }
    let name = layer.call.path[0]
    guard let word = words.layers[name.text],
      let bound = bind(word, layer.call.arguments, at: name.span, layer.frame)
    else { return nil }
    return DeclaredLayer(name: layer.name, path: layer.path, word: word, arguments: bound.arguments)
  }

  /// Notes that a declared layer is read, which happens among the arguments of those that are; false after a report that it is one of
  /// them, or that they are too many.
  func begin(_ layer: SharedLayer) -> Bool {
    if layersBeingRead.contains(where: { $0 === layer }) {
      error(
        .expansion, "the layer `\(layer.name)` uses itself among its arguments", at: layer.call.span, layer.frame)
      return false
    }
    guard layersBeingRead.count < Elaborator.layerDepthLimit else {
      error(
        .expansion, "layers use layers among their arguments more than \(Elaborator.layerDepthLimit) deep",
        at: layer.call.span, layer.frame)
      return false
    }
    layersBeingRead.append(layer)
    return true
  }

  /// Ends what the last `begin` has begun.
  func endLayer() { layersBeingRead.removeLast() }
}
