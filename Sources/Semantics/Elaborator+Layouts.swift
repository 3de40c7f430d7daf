import Source
import Syntax
import Vocabulary

// Inputs and layers in the order that other frameworks have: channels last, a batch in front, what comes in before what comes out.
extension Elaborator {
  /// The input of the net that a tensor comes from; nil where it does not come from one.
  func root(of chain: ChainStep?) -> ChainStep? {
    var step = chain
    while let previous = step?.previous { step = previous }
    return step.flatMap { writtenType(at: $0.place) == nil ? nil : $0 }
  }

  /// Notes that something did not fit what comes from an input: what else does not go with its type may be the same mistake.
  func blameInput(of chain: ChainStep?) {
    if let root = root(of: chain) { blamedInputs.insert(root.place) }
  }

  /// Whether a type looks like that of a picture with its channels last.
  private func hasChannelsLast(_ type: ExampleType) -> Bool {
    type.element == .float32 && type.rank == 3 && [1, 3, 4].contains(type.shape[2]) && type.shape[0] > 4
      && type.shape[1] > 4
  }

  /// The advice for a picture with its channels last; nil where the input is none. What comes of the input is not looked at any further.
  func layoutHelp(_ chain: ChainStep?, channels: Int? = nil) -> Diagnostic.Help? {
    guard let root = root(of: chain), hasChannelsLast(root.type),
      channels == nil || chain?.type.shape == root.type.shape && channels == root.type.shape[2]
    else { return nil }
    misreadInputs.insert(root.place)
    return channelsFirst(root)
  }

  /// "channels come first: declare `image: f32[3, 32, 32]`"
  private func channelsFirst(_ root: ChainStep) -> Diagnostic.Help {
    let shape = root.type.shape
    guard let written = writtenType(at: root.place), let sizes = written.dimensions?.map(\.span.text), sizes.count == 3
    else { return .init("channels come first: f32[\(shape[2]), \(shape[0]), \(shape[1])]") }
    let type = "\(written.name.text)[\(sizes[2]), \(sizes[0]), \(sizes[1])]"
    return .init(
      "channels come first: declare `\(root.name): \(type)`", edits: [.init(written.span, type)], isSure: false)
  }

  /// Notes a convolution that reads an input with its channels last.
  func noteLayout(_ input: TensorMeaning) {
    guard let type = input.tensor?.type, hasChannelsLast(type) || type.rank == 2 && type.element == .float32 else {
      return
    }
    var step = input.chain
    while let current = step, current.keepsShape, let previous = current.previous { step = previous }
    guard let root = step, root.previous == nil, writtenType(at: root.place) != nil else { return }
    pictures[root.place] = root
  }

  /// Warns about a window over the rows of an embedding: it takes the places for channels.
  func warnOfRows(_ word: String, _ input: TensorMeaning, _ stage: StageSite, _ frame: Frame) {
    guard let type = input.tensor?.type, type.rank == 2 else { return }
    var step = input.chain
    while let current = step, current.keepsShape { step = current.previous }
    guard let step, step.word == EmbeddingLayer.name else { return }
    warn(
      .channelsLast, "`\(word)` takes the \(type.shape[0]) places of \(type) for channels, and moves over the features",
      at: stage.place, frame, notes: shapes(input.chain),
      help: [
        .init(
          "put `transpose` before it: [\(type.shape[1]), \(type.shape[0])] has the features first",
          edits: [.init(stage.place.before, "transpose -> ")], isSure: false)
      ])
  }

  /// Warns about pictures with their channels last that fit all the same.
  func warnOfLayouts(_ frame: Frame) {
    for root in pictures.values.sorted(by: { $0.place.start < $1.place.start })
    where !blamedInputs.contains(root.place) && !misreadInputs.contains(root.place) && root.type.rank == 3 {
      let shape = root.type.shape
      warn(
        .channelsLast,
        "`\(root.name)` is \(root.type): \(count(shape[0], "channel")) of \(shape[1]) x \(shape[2]) pixels",
        at: writtenType(at: root.place)?.span ?? root.place, frame, help: [channelsFirst(root)])
    }
  }

  /// The advice for an input that is declared with the axis of the batch; nil where that is not likely.
  func batchHelp(_ failure: LayerFailure, _ found: ExampleType, _ form: String) -> Diagnostic.Help? {
    let rank = form.split(separator: " or ").first?.split(separator: ",").count ?? 0
    guard found.rank == rank + 1, !form.contains("…"), let root = root(of: failure.input.chain), root.type.rank >= 2,
      let written = writtenType(at: root.place), var sizes = written.dimensions?.map(\.span.text)
    else { return nil }
    var step = failure.input.chain
    while let current = step, current !== root {
      guard current.keepsShape || current.word == EmbeddingLayer.name || current.isOnLastAxis else { return nil }
      step = current.previous
    }
    if root.type.shape[0] == 1, failure.input.chain === root, form == "[steps, features]" {
      let text = "reshape([\(root.type.shape[1]), \(root.type.shape[2])])"
      return .init(
        "`\(text)` makes that of it", edits: [.init(failure.stage.place.before, "\(text) -> ")], isSure: false)
    }
    var shape = Array(root.type.shape.dropFirst())
    sizes.removeFirst()
    if hasChannelsLast(ExampleType(root.type.element, shape)) {
      sizes = [sizes[2], sizes[0], sizes[1]]
      shape = [shape[2], shape[0], shape[1]]
    }
    describesBatch = true
    let element = root.type.element == .float32 ? "f32" : written.elementText
    let type = "\(element)[\(sizes.joined(separator: ", "))]"
    return .init(
      "a type describes one example, without the batch: declare `\(root.name): \(type)`",
      edits: [.init(written.span, type)], isSure: false)
  }

  /// Warns about a picture of a source that is declared without its channels, and that a convolution reads row by row.
  func warnOfMissingChannels(_ tensor: DeclaredTensor, _ frame: Frame) {
    guard let root = pictures[tensor.place], tensor.type.rank == 2 else { return }
    let sizes = tensor.type.shape
    let written = writtenType(at: root.place)
    let texts = written?.dimensions?.map(\.span.text) ?? sizes.map(String.init)
    let type = "f32[1, \(texts.joined(separator: ", "))]"
    warn(
      .channelsLast, "`\(root.name)` is \(tensor.type): \(count(sizes[0], "channel")) of length \(sizes[1])",
      at: written?.span ?? root.place, frame,
      help: [
        .init(
          "a picture has a size for its channels: declare `\(root.name): \(type)`",
          edits: written.map { [.init($0.span, type)] } ?? [], isSure: false)
      ])
  }

  // MARK: Arguments

  /// The advice for `conv(3, 16, 3)`, in which the channels that come in stand first, and `attention(64, 4)`, in which the width does;
  /// nil where nothing hints at that.
  func foreignOrderHelp(_ word: String, _ bound: BoundCall, _ input: TensorMeaning) -> Diagnostic.Help? {
    guard let type = input.tensor?.type, let first = type.shape.first, let last = type.shape.last else { return nil }
    let names: [String]
    switch word {
    case ConvLayer.name, ConvTransposeLayer.name:
      names = ["out", "kernel", "stride"]
      // Filters are even in number and many, kernels small; patches have the stride of their kernel.
      guard bound.arguments.whole("out") == first, let kernel = bound.arguments.whole("kernel"),
        let stride = bound.arguments.whole("stride"), kernel > stride, kernel % 2 == 0 || kernel > 11,
        kernel >= 6 || stride == 3
      else { return nil }
    case AttentionLayer.name:
      names = ["heads", "head_dim"]
      guard bound.arguments.whole("heads") == last, let unit = bound.arguments.whole("head_dim"), unit < last, last > 1
      else { return nil }
    default: return nil
    }
    let spans = names.compactMap { bound.spans[$0] }
    guard spans.count == names.count, !spans.contains(where: { $0.text.contains("=") }), spans[0].file == spans[1].file
    else { return nil }
    let rest = spans.dropFirst().map(\.text).joined(separator: ", ")
    return .init(
      "the \(word == AttentionLayer.name ? "width" : "channels") that come\(word == AttentionLayer.name ? "s" : "") in "
        + "\(word == AttentionLayer.name ? "is" : "are") inferred: write `\(word)(\(rest))`",
      edits: [.init(spans[0].file.span(spans[0].start, spans[1].start), "")], isSure: false)
  }

  /// Warns about a layer whose arguments are in the order of another framework and fit all the same.
  func warnOfOrder(
    _ word: String, _ bound: BoundCall, _ input: TensorMeaning, _ stage: StageSite, _ frame: Frame
  ) {
    guard let help = foreignOrderHelp(word, bound, input) else { return }
    let what =
      word == AttentionLayer.name
      ? "\(count(bound.arguments.whole("heads") ?? 1, "head")) of \(bound.arguments.whole("head_dim") ?? 1) numbers"
      : "a window of \(bound.arguments.whole("kernel") ?? 1), \(count(bound.arguments.whole("out") ?? 1, "channel")) out"
    warn(.foreignOrder, "`\(word)` has \(what)", at: stage.place, frame, help: [help])
  }
}

extension TypeSyntax {
  /// The dimensions as they are written, with their brackets; empty without any.
  var dimensionsText: String {
    dimensions.map { "[\($0.map(\.span.text).joined(separator: ", "))]" } ?? ""
  }

  /// `f32`, or `index(n)` as it is written.
  var elementText: String { argument.map { "\(name.text)(\($0.span.text))" } ?? name.text }
}
