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

  /// Images with their channels last, as other frameworks have them.
  func channelsHelp(_ chain: ChainStep?) -> [Diagnostic.Help] {
    var first = chain
    while let previous = first?.previous { first = previous }
    guard let first, first.type.rank == 3, first.type.shape[2] <= 4, first.type.shape[0] > 4 else { return [] }
    let shape = [first.type.shape[2], first.type.shape[0], first.type.shape[1]].map(String.init).joined(separator: ", ")
    return [.init("shapes are [channels, height, width]: is `\(first.name)` f32[\(shape)]?")]
  }

  /// What would give a layer the features or channels that it states.
  func statedHelp(_ expected: Int, _ what: String, _ chain: ChainStep?) -> [Diagnostic.Help] {
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
    if failure.stage.label != nil { return [.init("give each a label of its own")] }
    let taken = Set(parameterPlaces.keys.map { $0.split(separator: ".").first.map(String.init) ?? $0 })
    var number = 2
    while taken.contains("\(failure.word)\(number)") { number += 1 }
    let label = "\(failure.word)\(number)"
    return [
      .init(
        "each flow counts its stages from 0; a label gives this layer a name of its own: `\(label): \(failure.word)(…)`",
        edits: [.init(failure.stage.place.before, "\(label): ")], isSure: false)
    ]
  }

  func rankHelp(_ failure: LayerFailure, _ found: ExampleType, _ form: String) -> [Diagnostic.Help] {
    if found.rank == 0 { return [.init("`reshape([1])` makes a list of one of it")] }
    guard found.rank == 1, failure.word != LinearLayer.name else { return [] }
    var step = failure.input.chain
    while let current = step {
      if current.name == FlattenLayer.name, let image = current.previous {
        return [
          .init("put \(failure.name) before `flatten` (line \(current.place.line)), where the tensor is \(image.type)")
        ]
      }
      step = current.previous
    }
    if [LSTMLayer.name, GRULayer.name, RNNLayer.name].contains(failure.word) {
      let remedy = remedyHelp(failure.input.chain, ExampleType(.float32, [0, 0]), form)
      if !remedy.isEmpty { return remedy }
    }
    return [.init("`reshape(\(form))` makes that of it")]
  }

  /// The argument of the layer behind a chain that would give it another type: "with `output_pad=1`, `dec2` (line 10) gives
  /// f32[1, 28, 28]". A size of 0 stands for any; `form` then shows what is wanted.
  func remedyHelp(_ chain: ChainStep?, _ wanted: ExampleType, _ form: String? = nil) -> [Diagnostic.Help] {
    var step = chain
    while let current = step, current.keepsShape { step = current.previous }
    guard let step, let argument = step.remedy?(wanted) else { return [] }
    return [.init("with `\(argument)`, `\(step.name)` (line \(step.place.line)) gives \(form ?? "\(wanted)")")]
  }

  /// What the calls of `words` that make tensors of several axes mean for scores without them: the layer that kept the axes.
  func tooManyAxesHelp(_ chain: ChainStep?, _ wanted: Int) -> [Diagnostic.Help] {
    var kept: (layer: ChainStep, input: ChainStep)?
    var step = chain
    while let current = step, current.type.rank > wanted {
      let lower = ExampleType(.float32, [Int](repeating: 0, count: wanted))
      if let argument = current.remedy?(lower) {
        return [
          .init("with `\(argument)`, `\(current.name)` (line \(current.place.line)) gives one row for each example")
        ]
      }
      if let previous = current.previous, previous.type.rank == 3, current.isOnLastAxis { kept = (current, previous) }
      step = current.previous
    }
    guard let (layer, input) = kept else { return [] }
    return [
      .init(
        "`\(layer.name)` (line \(layer.place.line)) works on the last axis of \(input.type): put `flatten` before it",
        edits: [.init(layer.place.before, "flatten -> ")], isSure: false)
    ]
  }

  /// The edit that takes out an argument with its comma.
  func dropping(_ argument: String, _ failure: LayerFailure) -> [Diagnostic.Edit] {
    guard let span = failure.bound.spans[argument] else { return [] }
    let bytes = span.file.bytes
    var start = span.start
    while start > 0, bytes[start - 1] == 0x20 { start -= 1 }
    guard start > 0, bytes[start - 1] == 0x2C else { return [] }
    return [.init(span.file.span(start - 1, span.end), "")]
  }
}
