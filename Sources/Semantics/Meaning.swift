import Graphs
import Source
import Syntax
import Vocabulary

/// What an expression stands for while a file is elaborated.
indirect enum Meaning {
  case number(Number)
  case span(TrainingSpan)
  case flag(Bool)
  case text(String)
  /// A list or a tuple.
  case list(ListMeaning)
  case tensor(TensorMeaning)
  /// A layer declared by `layer`.
  case layer(SharedLayer)
  /// One number for a batch.
  case loss(Value)
  case none
  /// What a mistake left behind: satisfies everything, so that one mistake gives one message.
  case unknown

  /// What it is, for messages: `the number 4`, `a tensor f32[64]`.
  var description: String {
    switch self {
    case .number(let number): "\(number)"
    case .span(let span): "\(span)"
    case .flag(let flag): "`\(flag)`"
    case .text: "the string \(text(upTo: 60))"
    case .list(let list):
      list.count <= 4 && list.elements.allSatisfy(\.isPlain)
        ? "the list \(text(upTo: Int.max))" : "a list of \(list.count)"
    case .tensor(let tensor): tensor.tensor.map { "the tensor \($0.type)" } ?? "a tensor"
    case .layer(let layer): "the layer \(layer.name)"
    case .loss: "a loss"
    case .none: "`none`"
    case .unknown: "unknown"
    }
  }

  /// As a user would write it; "…" stands for what is beyond about `limit` bytes.
  func text(upTo limit: Int) -> String {
    var text = ""
    write(to: &text, upTo: limit)
    return text
  }

  private func write(to text: inout String, upTo limit: Int) {
    switch self {
    case .number(let number): text += "\(number)"
    case .span(let span): text += "\(span)"
    case .flag(let flag): text += "\(flag)"
    case .text(let string):
      text += string.utf8.count <= max(20, limit) ? "\"\(string)\"" : "\"\(string.prefix(max(20, limit)))…\""
    case .list(let list):
      text += "["
      for (index, element) in list.elements.enumerated() {
        if index > 0 { text += ", " }
        if text.utf8.count > limit {
          text += "…"
          break
        }
        element.write(to: &text, upTo: limit)
      }
      text += "]"
    case .layer(let layer): text += layer.name
    case .none: text += "none"
    case .tensor, .loss, .unknown: text += "?"
    }
  }

  /// The whole number that it is.
  var whole: Int? { if case .number(let number) = self { number.whole } else { nil } }

  /// Whether it is short as text.
  private var isPlain: Bool {
    switch self {
    case .number, .span, .flag, .none: true
    case .text(let text): text.utf8.count <= 20
    default: false
    }
  }

  var isUnknown: Bool { if case .unknown = self { true } else { false } }
}

/// A tensor with how it came about.
struct TensorMeaning {
  /// nil after a mistake.
  var tensor: Tensor?
  /// The steps that led here, last first.
  var chain: ChainStep?
  /// The word that made probabilities of it, and what it made them from.
  var probability: (word: String, source: String?)?
  /// The name of the binding, input or output it was read from.
  var name: String?
  /// The layer with a bias that it directly comes from.
  var biasedBy: (place: SourceSpan, fix: Diagnostic.Help)?
  /// The word of the stage that it directly comes from, and the stage.
  var madeBy: (word: String, stage: SourceSpan)?
  /// The last stages that it comes from, as far as these drop or cut numbers, the last of them last: their words and places.
  var endings: [(word: String, stage: SourceSpan)] = []

  static var unknown: TensorMeaning { TensorMeaning() }
}

/// A step on the way of a tensor, for "shapes on the way".
final class ChainStep {
  let name: String
  /// The word of a layer.
  let word: String?
  let type: ExampleType
  let place: SourceSpan
  let arithmetic: (() -> String)?
  /// Whether the step is left out where it does not explain a size.
  let keepsShape: Bool
  /// The extent that the step makes of another extent of its input; axes count from 0 after the channels.
  let resize: ((_ extent: Int, _ axis: Int) -> Int?)?
  /// The argument that would give the step another type of result.
  let remedy: ((_ wanted: ExampleType) -> String?)?
  private(set) var previous: ChainStep?

  init(
    _ name: String, _ type: ExampleType, at place: SourceSpan, arithmetic: (() -> String)? = nil,
    keepsShape: Bool = false, word: String? = nil,
    resize: ((_ extent: Int, _ axis: Int) -> Int?)? = nil, remedy: ((_ wanted: ExampleType) -> String?)? = nil,
    previous: ChainStep? = nil
  ) {
    self.name = name
    self.word = word
    self.type = type
    self.place = place
    self.arithmetic = arithmetic
    self.keepsShape = keepsShape
    self.resize = resize
    self.remedy = remedy
    self.previous = previous
  }

  /// Whether the step is a layer that works on the last axis of any rank, and so keeps the others.
  var isOnLastAxis: Bool { word == LinearLayer.name }

  /// Lets go of a long chain step by step: letting go of it at once would need a stack as deep.
  deinit {
    var rest = previous.take()
    while isKnownUniquelyReferenced(&rest) {
      let next = rest?.previous.take()
      rest = next
    }
  }
}

/// A layer declared by `layer`: its weights belong to the declaration, whoever uses it.
final class SharedLayer {
  let name: String
  let call: CallSyntax
  /// The body that declares it: its call is evaluated there.
  let frame: Frame

  init(name: String, call: CallSyntax, frame: Frame) {
    self.name = name
    self.call = call
    self.frame = frame
  }

  /// The path of its parameters.
  var path: String { frame.prefix.isEmpty ? name : frame.prefix + "." + name }
}

/// One expansion of a body: its names, and how it was reached.
final class Frame {
  /// What a name was declared as.
  enum Kind: String {
    case parameter, dimension, input, binding, output, layer, target, variable
  }

  struct Entry {
    var meaning: Meaning
    var kind: Kind
    var span: SourceSpan
  }

  /// The net or block; nil for places without one, such as a constant.
  let declaration: NetSyntax?
  /// The path of labels that leads here.
  let prefix: String
  /// Who called, and where.
  let caller: (frame: Frame, span: SourceSpan)?
  /// Whose names can be read here too.
  let outer: Frame?
  /// The file whose declarations can be named here; nil for the file that is compiled.
  let file: SourceFile?
  var names: [String: Entry] = [:]
  /// The outputs of labelled blocks.
  var labels: [String: [String: Meaning]] = [:]
  var outputs: [(name: String, meaning: Meaning)] = []
  /// Whether an input of the block does not take what it is given.
  var isUnfit = false
  let depth: Int

  init(
    _ declaration: NetSyntax?, prefix: String = "", caller: (frame: Frame, span: SourceSpan)? = nil,
    outer: Frame? = nil, file: SourceFile? = nil
  ) {
    self.declaration = declaration
    self.prefix = prefix
    self.caller = caller
    self.outer = outer
    self.file = declaration?.span.file ?? file ?? outer?.file
    depth = (caller?.frame.depth ?? outer?.depth ?? 0) + 1
  }

  func entry(_ name: String) -> Entry? { names[name] ?? outer?.entry(name) }

  /// Every name that can be read here.
  var allNames: [String] { Array(names.keys) + (outer?.allNames ?? []) }
}
