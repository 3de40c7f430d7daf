import Datasets
import Generation
import Semantics

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a net has learnt to say of an example, as far as its loss tells.
struct PredictionTask {
  enum Kind {
    /// One of several classes, from a logit for each.
    case classes
    /// Whether something is so, from one logit.
    case truth
    /// Numbers.
    case values
  }

  /// What a net says of one example.
  enum Answer {
    /// The probability of each class.
    case classes([Double])
    case values([Double])
  }

  let kind: Kind
  /// The name of the output that tells, and what it is compared with.
  let output: String
  let target: TensorDeclaration

  /// Nil where an example has no single answer, such as for sequences.
  init?(_ model: Model) {
    guard let settings = model.training else { return nil }
    let loss = settings.resolved.first { $0.name == "loss" }?.value ?? ""
    for (word, kind) in [
      ("binary_cross_entropy(", Kind.truth), ("cross_entropy(", .classes), ("mse(", .values), ("mae(", .values),
      ("huber(", .values),
    ] {
      guard let arguments = PredictionTask.arguments(of: word, in: loss), arguments.count >= 2,
        let output = model.outputs.first(where: { $0.name == arguments[0] }),
        let target = model.targets.first(where: { $0.name == arguments[1] }), output.type.element == .float32
      else { continue }
      let fits =
        switch kind {
        case .classes: target.shape.isEmpty && target.classCount.map { output.type.shape == [$0] } == true
        case .truth: target.element == .bool && target.shape == output.type.shape && target.shape.allSatisfy { $0 == 1 }
        case .values: target.element == .float32 && target.shape == output.type.shape && target.shape.count < 2
        }
      guard fits else { return nil }
      self.kind = kind
      self.output = output.name
      self.target = target
      return
    }
    return nil
  }

  /// The output that the first cross-entropy of the loss scores; nil where there is none.
  static func scoredOutput(of model: Model) -> String? {
    let loss = model.training?.resolved.first { $0.name == "loss" }?.value ?? ""
    let name = arguments(of: "cross_entropy(", in: loss)?.first
    return model.outputs.first { $0.name == name }?.name
  }

  /// The arguments of the first call of a word, which ends in its bracket, within the text of an expression.
  private static func arguments(of word: String, in text: String) -> [String]? {
    var rest = text[...]
    while let start = rest.firstIndex(of: word.first ?? "(") {
      let before = start == text.startIndex ? " " : text[text.index(before: start)]
      if rest[start...].hasPrefix(word), !before.isLetter, before != "_" {
        let inner = rest[start...].dropFirst(word.count).prefix { $0 != ")" }
        return inner.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
      }
      rest = rest[rest.index(after: start)...]
    }
    return nil
  }

  /// What the numbers of the output say of `count` examples.
  func answers(_ numbers: [Float], count: Int) -> [Answer] {
    let size = numbers.count / max(1, count)
    return (0..<count).map { index in
      let own = numbers[(index * size)..<((index + 1) * size)].map { Double($0) }
      switch kind {
      case .classes: return .classes(softmax(own))
      case .truth:
        let probability = 1 / (1 + exp(-(own.first ?? 0)))
        return .classes([1 - probability, probability])
      case .values: return .values(own)
      }
    }
  }
}

extension PredictionTask.Answer {
  /// The likeliest class, of equals the first; of two the second only when it is likelier.
  var best: Int? {
    guard case .classes(let probabilities) = self else { return nil }
    return probabilities.indices.max { (probabilities[$0], $1) < (probabilities[$1], $0) }
  }
}
