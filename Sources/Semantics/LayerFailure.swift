import Graphs
import Source
import Syntax
import Vocabulary

/// A layer that does not fit its input: what is needed to tell it.
struct LayerFailure {
  /// The label, or the word.
  var name: String
  var word: String
  var input: TensorMeaning
  var bound: BoundCall
  var stage: StageSite
  /// A label that would give its parameters names of their own.
  var freeLabel: String?
  /// Whether it fits when it does not state the size of its input.
  var fitsWithoutStatedSize = false
}

extension Elaborator {
  /// Tells the fact that a layer states in the user's words: label, expected, got, and the way that led there.
  func report(_ fact: WordError, _ failure: LayerFailure, _ frame: Frame) {
    let name = failure.name
    let place = failure.stage.place
    guard isWorthTelling(.inputKind, at: place) else { return }
    blameInput(of: failure.input.chain)
    let input = failure.input.tensor?.type ?? ExampleType()
    func argument(_ argument: String, _ text: String) -> [Diagnostic.Label] {
      failure.bound.spans[argument].map { [.init($0, text)] } ?? []
    }
    switch fact {
    case .statedSize(let stated, let what, let expected, let found):
      error(
        .statedSize, "\(name) expects \(expected) \(what), gets \(found)", at: place, frame,
        secondary: argument(stated, "stated here"), notes: shapes(failure.input.chain),
        help: statedHelp(stated, expected, what, failure))
    case .rank(_, let found, let form):
      error(
        .inputKind, "\(name) expects \(form), gets \(found)", at: place, frame, notes: shapes(failure.input.chain),
        help: rankHelp(failure, found, form))
    case .element(let expected, let found):
      let count: Int? = if case .index(let count) = found.element { count } else { nil }
      error(
        .inputKind, "\(name) expects \(expected), gets \(found)", at: place, frame, notes: shapes(failure.input.chain),
        help: count.map { embeddingHelp($0, failure) } ?? indexHelp(failure, found))
    case .window(let axis, let window, let extent, let padding):
      let padded = padding == 0 ? "" : " (\(extent) + 2*\(padding) with padding)"
      error(
        .window, "\(name) has a window of \(window) over \(extent) positions of \(axis)\(padded)", at: place, frame,
        label: "the input is \(input)", secondary: argument("kernel", "the window"),
        notes: roundNote(input) + shapes(failure.input.chain),
        help: windowHelp(failure, axis, window, extent, padding))
    case .argument(let argumentName, _) where lacksChannels(argumentName, failure):
      error(
        .inputKind, "\(name) expects [channels, height, width] for two numbers as `\(argumentName)`, gets \(input)",
        at: place, frame, secondary: argument(argumentName, "one for each axis"), notes: shapes(failure.input.chain),
        help: channelHelp(failure, input))
    case .argument(let argumentName, let reason):
      error(
        .argumentValue, "`\(argumentName)` of \(name) \(reason)\(got(argumentName, reason, failure.bound))",
        at: failure.bound.spans[argumentName] ?? place, frame, notes: shapes(failure.input.chain),
        help: argumentHelp(argumentName, failure))
    case .count(let expected, let found):
      error(
        .elementCount,
        "\(name) must keep the \(expected) elements of \(input), asks for \(isOpen(failure) ? "a multiple of " : "")\(found)",
        at: place, frame, secondary: argument("dims", isOpen(failure) ? "-1 times \(found)" : "\(found) elements"),
        notes: shapes(failure.input.chain), help: countHelp(expected, found, failure))
    case .duplicateParameter(let parameter):
      error(
        .duplicateParameter, "two parameters are called `\(parameter)`", at: place, frame,
        secondary: parameterPlaces[parameter].map { [.init($0, "the first one")] } ?? [],
        help: labelHelp(parameter, failure))
    case .sharedShape(let parameter, let before, let now):
      error(
        .sharedLayer,
        "`\(name)` is shared, but here `\(parameter)` would be \(ExampleType(.float32, now)), not \(ExampleType(.float32, before))",
        at: place, frame, secondary: parameterPlaces[parameter].map { [.init($0, "its first use")] } ?? [],
        notes: shapes(failure.input.chain),
        help: [
          .init(
            "every place that shares a layer gives it the same shape; where the shapes differ, declare a second layer")
        ])
    case .singleValue:
      error(
        .batchStatistics, "\(name) takes statistics over one value: a batch of 1 with \(input)", at: place, frame,
        help: [.init("train with a batch of at least 2")])
    case .misplaced(let what): error(.misplacedLayer, what, at: place, frame)
    case .unsupported(let what): error(.notSupported, "\(what) is not supported yet", at: place, frame)
    case .tooLarge(let shape):
      error(
        .tooLarge,
        "\(name) needs a tensor of \(shape.map(String.init).joined(separator: " x ")) numbers, more than any can have",
        at: place, frame, notes: shapes(failure.input.chain), help: [.init("a tensor may have 2^42 elements")])
    case .tooManyNodes: tooManyNodes(at: place, frame)
    case .typesDiffer(let first, let a, let second, let b): unequalTensors(failure, (first, a), (second, b), frame)
    case .classes(let scores, let target):
      error(.classes, "\(name): \(scores) classes against \(target)", at: place, frame)
    case .shape(let fact):
      error(
        .inputKind, "\(name) does not fit \(input): \(text(of: fact))", at: place, frame,
        notes: shapes(failure.input.chain))
    }
  }

  /// A fact of an op that no word foresaw, in general terms.
  func text(of fact: ShapeError) -> String {
    switch fact {
    case .operandCount(let expected, let found): "it takes \(expected) tensors, gets \(found)"
    case .rank(_, let expected, let found):
      "it takes \(expected.lowerBound - 1) to \(expected.upperBound - 1) axes, gets \(found - 1)"
    case .element(_, let expected, let found): "it takes \(expected.rawValue), gets \(found.rawValue)"
    case .dimensionMismatch(_, let axis, let expected, let found):
      "axis \(axis - 1) must be \(expected), is \(found)"
    case .shapesDiffer(let a, let b): "the shapes \(a.shape.dropFirst()) and \(b.shape.dropFirst()) differ"
    case .windowTooLarge(_, let window, let extent): "a window of \(window) over \(extent) positions"
    case .notDivisible(let what, let value, let by): "\(what) is \(value), which \(by) does not divide"
    case .countMismatch(let expected, let found): "it must keep \(expected) elements, asks for \(found)"
    case .tooLarge: "the result is too large"
    case .attribute(let name, let reason): "`\(name)`: \(reason)"
    }
  }
}
