import Source
import Vocabulary

/// What the elaboration of one net found at the places of its text, for editors and `netc check --annotate`: also of nets with errors.
package struct Observations: Sendable {
  /// A stage of a flow, or what a flow starts from.
  package struct Stage: Sendable {
    package enum Kind: Sendable {
      /// What a flow starts from, or a binding without stages.
      case head
      /// A stage that calls something.
      case call
      /// A stage that holds others.
      case compound
    }

    package var kind: Kind
    /// The type of the result where the stage is reached first; nil after a mistake.
    package var type: ExampleType?
    /// The path of its parameters where it is reached first.
    package var path: String
    /// The trained weights that it brings where it is reached first.
    package var parameterCount: Int
    /// The multiply-adds of one example where it is reached first.
    package var multiplyAdds: Int
    /// How often it is reached: loops turn, and blocks are called several times.
    package var times = 1
    /// How often its result has another type than at first.
    package var differing = 0
  }

  /// A declared name.
  package struct Name: Sendable {
    /// What it was declared as: `parameter`, `binding`.
    package var kind: String
    /// The value as a user would write it, or the type of a tensor; nil after a mistake.
    package var text: String?
    package var isTensor: Bool
  }

  /// How many bytes of a value are kept: editors show one line.
  private static let textLimit = 200

  /// The net.
  package var net: String
  /// By the span of the stage or of the expression that a flow starts from.
  package private(set) var stages: [SourceSpan: Stage] = [:]
  /// By the span of the name where it is declared; the first value of those that differ.
  package private(set) var names: [SourceSpan: Name] = [:]

  init(net: String) { self.net = net }

  mutating func note(_ stage: Stage, at span: SourceSpan) {
    guard var known = stages[span] else {
      stages[span] = stage
      return
    }
    known.times += 1
    if known.type == nil { known.type = stage.type } else if stage.type != known.type { known.differing += 1 }
    stages[span] = known
  }

  mutating func note(_ meaning: Meaning, _ kind: String, at span: SourceSpan) {
    guard names[span]?.text == nil else { return }
    let text: String?
    var isTensor = false
    switch meaning {
    case .tensor(let tensor):
      text = tensor.tensor?.type.description
      isTensor = true
    case .unknown, .loss: text = nil
    default: text = meaning.text(upTo: Observations.textLimit)
    }
    names[span] = Name(kind: kind, text: text, isTensor: isTensor)
  }
}

extension Elaborator {
  /// Notes what comes out of a stage; `layersBefore` is the number of layers before it.
  func observe(
    _ kind: Observations.Stage.Kind, at span: SourceSpan, _ result: TensorMeaning, path: String, layersBefore: Int
  ) {
    guard observations != nil else { return }
    var stage = Observations.Stage(
      kind: kind, type: result.tensor?.type, path: path, parameterCount: 0, multiplyAdds: 0)
    for layer in layers[layersBefore...] {
      stage.parameterCount = saturatingSum(stage.parameterCount, layer.parameterCount)
      stage.multiplyAdds = saturatingSum(stage.multiplyAdds, layer.multiplyAdds)
    }
    observations?.note(stage, at: span)
  }

  private func saturatingSum(_ first: Int, _ second: Int) -> Int {
    let (sum, overflow) = first.addingReportingOverflow(second)
    return overflow ? Int.max : sum
  }
}
