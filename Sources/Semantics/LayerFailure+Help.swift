import Source
import Syntax
import Vocabulary

// What a user can do about a layer that does not fit.
extension Elaborator {
  /// Several ways out: the further ones begin with "or".
  func alternatives(_ help: [Diagnostic.Help]) -> [Diagnostic.Help] {
    help.enumerated().map { index, help in
      var help = help
      if index > 0 { help.text = "or " + help.text }
      return help
    }
  }

  /// ", got 2" where the reason does not say what an argument is.
  func got(_ argument: String, _ reason: String, _ bound: BoundCall) -> String {
    let text: String
    switch bound.arguments.values[argument] {
    case .whole(let whole)?: text = String(whole)
    case .number(let number)?: text = "\(number)"
    default: return ""
    }
    return reason.hasSuffix(": \(text)") ? "" : ", got \(text)"
  }

  /// What a layer can do about the features or channels that it states.
  func statedHelp(_ stated: String, _ expected: Int, _ what: String, _ failure: LayerFailure) -> [Diagnostic.Help] {
    let chain = failure.input.chain
    if what == "input channels", let help = layoutHelp(chain, channels: expected) { return [help] }
    if let help = flattenHelp(chain, rank: 1, count: expected) { return [help] }
    return alternatives(
      givingHelp(expected, what, chain) + [
        .init(
          "drop `\(stated)=\(expected)` and let netc infer it",
          edits: failure.fitsWithoutStatedSize ? dropping(stated, failure) : [], isSure: false)
      ])
  }

  /// What a window that is larger than its input means.
  func windowHelp(
    _ failure: LayerFailure, _ axis: String, _ window: Int, _ extent: Int, _ padding: Int
  ) -> [Diagnostic.Help] {
    if let help = foreignOrderHelp(failure.word, failure.bound, failure.input) { return [help] }
    if let help = layoutHelp(failure.input.chain) { return [help] }
    let padded = keptSizeHelp(failure.input.chain)
    return alternatives(
      padded
        + inputHelp(atLeast: window - 2 * padding, axis, failure.input.chain)
        + [.init("take a smaller kernel, or `pad=\((window - extent + 1) / 2)`")])
  }

  /// What an argument should be instead, where that is clear.
  func argumentHelp(_ argument: String, _ failure: LayerFailure) -> [Diagnostic.Help] {
    if argument == "mask" { return maskHelp(failure) }
    if argument == "heads" { return headsHelp(failure) }
    guard failure.word == EmbeddingLayer.name, argument == "n", let span = failure.bound.spans["n"],
      case .index(let count)? = failure.input.tensor?.type.element, let width = failure.bound.arguments.whole("d")
    else { return [] }
    if width >= count, let other = failure.bound.spans["d"], !other.text.contains("="), !span.text.contains("=") {
      return [
        .init(
          "the number of values comes first, then the width: write `embedding(\(other.text), \(span.text))`",
          edits: [.init(span, other.text), .init(other, span.text)], isSure: false)
      ]
    }
    let text = span.text.contains("=") ? "n=\(count)" : "\(count)"
    return [.init("write `\(text)`", edits: [.init(span, text)], isSure: false)]
  }

  /// How many heads fit the width, and which widths fit so many heads.
  private func headsHelp(_ failure: LayerFailure) -> [Diagnostic.Help] {
    guard let width = failure.input.tensor?.type.shape.last, let heads = failure.bound.arguments.whole("heads"),
      let span = failure.bound.spans["heads"], width > 1, heads > 1
    else { return [] }
    let fewer = (1..<min(heads, width)).last { width % $0 == 0 }
    let more = heads < width ? (heads + 1...width).first { width % $0 == 0 } : width
    func edits(_ count: Int) -> [Diagnostic.Edit] {
      span.text == "\(heads)"
        ? [.init(span, "\(count)")] : span.text == "heads=\(heads)" ? [.init(span, "heads=\(count)")] : []
    }
    // More heads than that leave each next to nothing.
    let fitting = [fewer, more].compactMap { $0 }.filter { $0 > 1 && $0 * 2 <= width }
    let near = fitting.sorted { abs($0 - heads) < abs($1 - heads) }
    let lower = width / heads * heads
    let widths = (lower > 0 ? "\(lower) or " : "") + "\(lower + heads)"
    return alternatives(
      near.map {
        .init("write `\($0)` heads: each has \(width / $0) of the \(width) features", edits: edits($0), isSure: false)
      }
        + [.init("give \(failure.name) a width that \(heads) divides: \(widths)")])
  }

  /// A mask that is a row of indices, or made of vectors instead of them.
  private func maskHelp(_ failure: LayerFailure) -> [Diagnostic.Help] {
    guard let mask = failure.bound.tensors["mask"], let span = failure.bound.spans["mask"] else { return [] }
    if case .index? = mask.tensor?.type.element, mask.tensor?.type.rank == 1, let name = mask.name {
      let text = "mask=(\(name) != 0)"
      return [
        .init(
          "a mask says where something stands: write `\(text)`, where 0 is the padding", edits: [.init(span, text)],
          isSure: false)
      ]
    }
    guard let root = root(of: failure.input.chain), case .index = root.type.element,
      root.type.rank == 1
    else { return [] }
    let text = "mask=(\(root.name) != 0)"
    return [
      .init("make it of the indices: `\(text)`, where 0 is the padding", edits: [.init(span, text)], isSure: false)
    ]
  }

  /// Indices reach a layer that takes numbers.
  func embeddingHelp(_ count: Int, _ failure: LayerFailure) -> [Diagnostic.Help] {
    let text =
      "`embedding(\(count), width)` gives each of the \(count) values a vector: put it before `\(failure.name)`"
    let behind = failure.stage.span.file.span(
      failure.stage.span.end, failure.stage.span.file.lineRange(failure.stage.span.lastLine).upperBound
    ).text.filter { $0 != " " }
    if behind.hasPrefix("->\(EmbeddingLayer.name)(") {
      return [
        .init("`\(EmbeddingLayer.name)` gives each of the \(count) values a vector: it comes before `\(failure.name)`")
      ]
    }
    let isFirst = failure.input.chain?.previous == nil
    return [
      .init(
        text, edits: isFirst ? [.init(failure.stage.place.before, "embedding(\(count), 64) -> ")] : [], isSure: false)
    ]
  }

  /// Numbers reach a layer that takes indices: the input is a text, and declared as numbers.
  func indexHelp(_ failure: LayerFailure, _ found: ExampleType) -> [Diagnostic.Help] {
    guard failure.word == EmbeddingLayer.name, found.element == .float32, let root = root(of: failure.input.chain),
      failure.input.chain === root, let rows = failure.bound.arguments.whole("n"),
      let written = writtenType(at: root.place)
    else { return [] }
    let argument = failure.bound.spans["n"]?.text ?? ""
    let count = argument.contains("=") || argument.isEmpty ? "\(rows)" : argument
    let type = "index(\(count))" + written.dimensionsText
    return [
      .init(
        "what it looks up are numbers of words or classes: declare `\(root.name): \(type)`",
        edits: isReadOnce(root.name) ? [.init(written.span, type)] : [], isSure: false)
    ]
  }

  /// Whether a name of the net stands there where it is declared and in one more place: another type then concerns nobody else.
  private func isReadOnce(_ name: String) -> Bool {
    guard let span = net?.span else { return false }
    let places = tokens(of: span.file).lazy.filter { token in
      token.kind == .name && token.start >= span.start && token.end <= span.end
        && span.file.span(token.start, token.end).text == name
    }
    return places.prefix(3).count == 2
  }

  /// What would give a layer the features or channels that it states.
  private func givingHelp(_ expected: Int, _ what: String, _ chain: ChainStep?) -> [Diagnostic.Help] {
    var step = chain
    while let current = step, current.keepsShape { step = current.previous }
    if what == "input channels" {
      guard let step, step.previous != nil, step.type.rank >= 2 else { return [] }
      return [.init("it fits when `\(step.name)` has \(expected) channels")]
    }
    // A layer on the last axis of several; images become features by `flatten`.
    let isFlat = step?.type.rank == 1
    if let step, step.previous != nil, !isFlat || step.resize == nil && step.arithmetic == nil {
      return [.init("it fits when `\(step.name)` gives \(expected)")]
    }
    return isFlat ? inputHelp(features: expected, chain) : []
  }

  /// Whether a reshape has a size that is to be worked out.
  func isOpen(_ failure: LayerFailure) -> Bool {
    (failure.bound.arguments.list("dims") ?? []).contains { $0.whole == -1 }
  }

  func countHelp(_ expected: Int, _ found: Int, _ failure: LayerFailure) -> [Diagnostic.Help] {
    var help: [Diagnostic.Help] = []
    if !isOpen(failure), found > 0, let step = failure.input.chain, step.previous != nil, step.type.rank == 1,
      step.arithmetic == nil
    {
      help.append(.init("it fits when `\(step.name)` gives \(found)"))
    }
    let dims = (failure.bound.arguments.list("dims") ?? []).compactMap(\.whole)
    if dims.count >= 2, dims[0] > 0, expected % dims[0] == 0 {
      help.append(.init("`[\(dims[0]), -1]` has \(expected / dims[0]) in each of the \(dims[0])"))
    } else {
      help.append(.init("make the product of the sizes \(expected); one of them may be -1 and is worked out"))
    }
    return alternatives(help)
  }

  /// How two parameters of one name get names of their own.
  func labelHelp(_ parameter: String, _ failure: LayerFailure) -> [Diagnostic.Help] {
    if parameterPlaces[parameter] == failure.stage.place {
      return [
        .init(
          "this place is reached more than once: without the label the stages are numbered, and in a `for` a label can be: "
            + "`\(failure.name){i}: …`")
      ]
    }
    guard let label = failure.freeLabel else { return [.init("give each a label of its own")] }
    return [
      .init(
        "each flow counts its stages from 0; a label gives this layer a name of its own: `\(label): \(failure.word)(…)`",
        edits: [.init(failure.stage.place.before, "\(label): ")], isSure: false)
    ]
  }

  /// A label for a layer without one that no other layer beside it has.
  func freeLabel(_ failure: LayerFailure) -> String? {
    if failure.stage.label != nil { return nil }
    let prefix = failure.stage.prefix
    let paths = Array(parameterPlaces.keys) + Array(labelPlaces.keys)
    let taken = Set(
      paths.compactMap { path -> Substring? in
        guard path.hasPrefix(prefix) else { return nil }
        return path.dropFirst(prefix.count).split(separator: ".").first
      })
    var number = 2
    while taken.contains("\(failure.word)\(number)") { number += 1 }
    return "\(failure.word)\(number)"
  }

  func rankHelp(_ failure: LayerFailure, _ found: ExampleType, _ form: String) -> [Diagnostic.Help] {
    if case .index(let count) = found.element { return embeddingHelp(count, failure) }
    if found.rank == 1, let help = lostLengthHelp(failure) { return [help] }
    if found.rank == 0 { return [.init("`reshape([1])` makes a list of one of it")] }
    if let help = batchHelp(failure, found, form) { return [help] }
    guard found.rank == 1, failure.word != LinearLayer.name else { return [] }
    var step = failure.input.chain
    while let current = step {
      if current.name == FlattenLayer.name, let image = current.previous {
        return [
          .init(
            "put \(failure.name) before `flatten` (\(line(current.place, for: failure.stage.place))), where the tensor is \(image.type)"
          )
        ]
      }
      step = current.previous
    }
    if [LSTMLayer.name, GRULayer.name, RNNLayer.name].contains(failure.word) {
      let remedy = remedyHelp(failure.input.chain, ExampleType(.float32, [0, 0]), form, for: failure.stage.place)
      if !remedy.isEmpty { return remedy }
    }
    if form == "[steps, features]", found.element == .float32, let size = found.shape.first {
      let text = "reshape([\(size), 1])"
      return [
        .init(
          "`\(text)` makes \(size) steps of one number of it",
          edits: [.init(failure.stage.place.before, "\(text) -> ")], isSure: false)
      ]
    }
    if form.hasPrefix("[channels, height, width]"), let size = found.shape.first {
      let side = Int(Double(size).squareRoot().rounded())
      let text = side * side == size && side > 1 ? "reshape([1, \(side), \(side)])" : "reshape([1, \(size)])"
      return [
        .init(
          "`\(text)` makes one channel of it", edits: [.init(failure.stage.place.before, "\(text) -> ")], isSure: false)
      ]
    }
    return [.init("`reshape(\(form))` makes that of it")]
  }

  /// The argument of the layer behind a chain that would give it another type: "with `output_pad=1`, `dec2` (line 10) gives
  /// f32[1, 28, 28]". A size of 0 stands for any; `form` then shows what is wanted.
  func remedyHelp(
    _ chain: ChainStep?, _ wanted: ExampleType, _ form: String? = nil, for reader: SourceSpan
  ) -> [Diagnostic.Help] {
    var step = chain
    while let current = step, current.keepsShape { step = current.previous }
    guard let step, let argument = step.remedy?(wanted) else { return [] }
    return [.init("with `\(argument)`, `\(step.name)` (\(line(step.place, for: reader))) gives \(form ?? "\(wanted)")")]
  }

  /// A text that is declared as one index: it is a row of them.
  private func lostLengthHelp(_ failure: LayerFailure) -> Diagnostic.Help? {
    guard let chain = failure.input.chain, chain.word == EmbeddingLayer.name, let root = root(of: chain),
      chain.previous === root, root.type.rank == 0
    else { return nil }
    return .init("a text is a row of indices: declare `\(root.name): \(root.type)[length]`")
  }

  /// A reshape with an axis for the batch, `reshape([-1, 64])`: it becomes 1.
  func batchReshapeHelp(_ chain: ChainStep?) -> [Diagnostic.Help] {
    var step = chain
    while let current = step, current.word != ReshapeLayer.name { step = current.previous }
    guard let step, step.type.rank >= 2, step.type.shape[0] == 1 else { return [] }
    let file = step.place.file
    let line = file.lineRange(step.place.line)
    let rest = file.span(step.place.start, line.upperBound)
    guard let found = rest.text.range(of: "[-1, "), found.lowerBound < 40 else { return [] }
    let start = step.place.start + found.lowerBound + 1
    return [
      .init(
        "the batch has no axis: `reshape` (line \(step.place.line)) without the `-1`",
        edits: [.init(file.span(start, start + 4), "")], isSure: false)
    ]
  }

  /// What gives a tensor the type that it is promised with: an argument of the layer before, or an axis less.
  func promiseHelp(
    _ chain: ChainStep?, _ promised: ExampleType, _ found: ExampleType, for reader: SourceSpan
  ) -> [Diagnostic.Help] {
    let remedy = remedyHelp(chain, promised, for: reader)
    guard remedy.isEmpty, promised.rank < found.rank, promised.element == found.element,
      promised.shape.elementsEqual(found.shape.suffix(promised.rank))
    else { return remedy }
    let reshaped = batchReshapeHelp(chain)
    return reshaped.isEmpty ? tooManyAxesHelp(chain, promised.rank) : reshaped
  }

  /// What the calls of `words` that make tensors of several axes mean for scores without them: the layer that kept the axes.
  func tooManyAxesHelp(_ chain: ChainStep?, _ wanted: Int) -> [Diagnostic.Help] {
    let reader = program.file.span(0, 0)
    if let help = flattenHelp(chain, rank: wanted) { return [help] }
    var kept: (layer: ChainStep, input: ChainStep)?
    var step = chain
    while let current = step, current.type.rank > wanted {
      let lower = ExampleType(.float32, [Int](repeating: 0, count: wanted))
      if let argument = current.remedy?(lower) {
        return [
          .init(
            "with `\(argument)`, `\(current.name)` (\(line(current.place, for: reader))) gives one row for each example"
          )
        ]
      }
      if let previous = current.previous, current.isOnLastAxis, previous.type.rank == 3 || previous.type.rank == 2 {
        kept = (current, previous)
      }
      step = current.previous
    }
    guard let (layer, input) = kept else { return [] }
    if input.type.rank == 2 {
      guard wanted == 1, let root = root(of: chain), case .index = root.type.element else { return [] }
      return [
        .init(
          "`\(layer.name)` (line \(layer.place.line)) gives a row for each of the \(input.type.shape[0]) places: put "
            + "`mean(0)` before it, or `flatten`", edits: [.init(layer.place.before, "mean(0) -> ")], isSure: false)
      ]
    }
    return [
      .init(
        "`\(layer.name)` (\(line(layer.place, for: reader))) works on the last axis of \(input.type): put `flatten` before it",
        edits: [.init(layer.place.before, "flatten -> ")], isSure: false)
    ]
  }

  /// The edit that takes out an argument with its comma.
  func dropping(_ argument: String, _ failure: LayerFailure) -> [Diagnostic.Edit] {
    guard let span = failure.bound.spans[argument],
      words.layers[failure.word]?.schema.first(where: { $0.name == argument })?.presence != .required
    else { return [] }
    let bytes = span.file.bytes
    var start = span.start
    while start > 0, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[start - 1]) { start -= 1 }
    guard start > 0, bytes[start - 1] == 0x2C else { return [] }
    return [.init(span.file.span(start - 1, span.end), "")]
  }
}
