import Source
import Syntax
import Vocabulary

// What a user can do about a loss that does not fit its tensors.
extension Elaborator {
  /// Whether a target stands where the prediction is expected, and the other way round.
  func isSwapped(_ prediction: TensorMeaning?, _ target: TensorMeaning?) -> Bool {
    guard let train, let first = prediction, let second = target else { return false }
    let targets = train.body.compactMap { if case .target(let node) = $0 { node.name.span } else { nil } }
    func isTarget(_ tensor: TensorMeaning) -> Bool { tensor.chain.map { targets.contains($0.place) } ?? false }
    return isTarget(first) && !isTarget(second)
  }

  func swapped(_ word: any LossWord.Type, _ call: CallSyntax, _ bound: BoundCall, _ frame: Frame) -> Meaning {
    let (first, second) = word.compared
    var help: [Diagnostic.Help] = []
    if let a = bound.spans[first], let b = bound.spans[second] {
      help = [.init("write `\(word.name)(\(b.text), \(a.text)…)`", edits: [.init(a, b.text), .init(b, a.text)])]
      if call.arguments?.arguments.count == 2 { help[0].text = "write `\(word.name)(\(b.text), \(a.text))`" }
    }
    error(
      .lossOperands, "\(word.name) takes what the net gives first and the target second", at: call.path[0].span, frame,
      help: help)
    return .unknown
  }

  /// Which parameter of the net says how many classes there are, or which other output has as many.
  func classesHelp(
    _ scores: Int, _ classes: Int, _ prediction: TensorMeaning?, _ bound: BoundCall, _ frame: Frame
  ) -> [Diagnostic.Help] {
    guard let net = frame.outer, let declaration = net.declaration else { return [] }
    let insertion = train.flatMap { $0.arguments == nil ? $0.net.span.after : nil }
    for parameter in declaration.parameters {
      guard let entry = net.names[parameter.name.text], case .number(let value) = entry.meaning, value.whole == scores
      else {
        continue
      }
      let name = parameter.name.text
      if let option = optionOf[entry.span] { return [.init("`\(name)` is \(scores) by `--set \(option)`")] }
      let isDefault = parameter.defaultValue.map { $0.span.text == String(scores) } ?? false
      return [
        .init(
          "\(declaration.name.text) is trained with \(name) = \(scores)\(isDefault ? " (default)" : ""); "
            + "write `train \(declaration.name.text)(\(name) = \(classes))`",
          edits: insertion.map { [.init($0, "(\(name) = \(classes))")] } ?? [], isSure: isDefault)
      ]
    }
    let shape = (prediction?.tensor?.type.shape.dropLast() ?? []) + [classes]
    let other = net.outputs.first {
      if case .tensor(let tensor) = $0.meaning {
        tensor.tensor?.type == ExampleType(.float32, Array(shape))
      } else {
        false
      }
    }
    var help: [Diagnostic.Help] = []
    if let other, let argument = bound.spans["logits"], argument.text == prediction?.name {
      help.append(
        .init(
          "`\(other.name)` has \(classes): write `\(other.name)`", edits: [.init(argument, other.name)], isSure: false))
    }
    let target = bound.tensors["target"]?.name ?? "the target"
    help.append(
      .init("give the last layer \(classes) outputs, or declare `target \(target): index(\(scores))`"))
    return alternatives(help)
  }

  func lossHelp(
    _ word: String, _ first: String, _ second: String, _ a: ExampleType, _ b: ExampleType, _ chain: ChainStep?
  ) -> [Diagnostic.Help] {
    if word == CrossEntropyLoss.name, let axis = a.shape.indices.first(where: { without($0, a.shape) == b.shape }) {
      return [.init("with the classes along axis \(axis) write `axis=\(axis)`")]
    }
    let isClass = if case .index = b.element { word == CrossEntropyLoss.name } else { false }
    if let flat = flattenHelp(chain, rank: isClass ? b.rank + 1 : b.rank) { return [flat] }
    if case .index(let count) = b.element {
      let reshaped = a.rank == b.rank + 2 ? batchReshapeHelp(chain) : []
      if !reshaped.isEmpty { return reshaped }
      let kept = a.rank > b.rank + 1 ? tooManyAxesHelp(chain, b.rank + 1) : []
      if !kept.isEmpty { return kept }
      return a.rank > b.rank + 1
        ? [.init("one score for each class: end `\(first)` with `-> flatten -> linear(\(count))`")]
        : [.init("\(word) takes a score for each class along the last axis, and a target without that axis")]
    }
    if a.count == b.count, a.element == .float32 {
      let text = "-> reshape([\(b.shape.map(String.init).joined(separator: ", "))])"
      return alternatives(
        [.init("end `\(first)` with `\(text)`", edits: appending(" " + text, toOutput: first), isSure: false)]
          + declaring(second, ExampleType(b.element, a.shape), a))
    }
    if b.shape.isEmpty, word == BinaryCrossEntropyLoss.name, a.shape == [2], b.element == .bool {
      return alternatives(
        [.init("a yes-or-no target has one logit: end `\(first)` with `linear(1) -> reshape([])` instead of two")]
          + [
            .init(
              "with two scores write `\(CrossEntropyLoss.name)(\(first), \(second))` and `target \(second): index(2)`")
          ])
    }
    if b.shape.isEmpty, word == BinaryCrossEntropyLoss.name, a.rank == 1 {
      return [.init("a yes-or-no target has one logit: end `\(first)` with `linear(1) -> reshape([])`")]
    }
    return []
  }

  /// The edit that continues the flow of an output of the net.
  private func appending(_ stages: String, toOutput name: String) -> [Diagnostic.Edit] {
    for case .output(let node) in net?.body ?? [] where node.name.text == name {
      return [.init(node.value.span.after, stages)]
    }
    return []
  }

  /// What to write for a prediction or target of the wrong kind; `prediction` is the type that a target is compared with.
  func elementHelp(
    _ word: String, _ first: String, _ name: String, _ found: ExampleType, _ prediction: ExampleType?
  ) -> [Diagnostic.Help] {
    switch (word, found.element) {
    case (CrossEntropyLoss.name, .bool) where prediction?.shape == [2] && found.rank == 0:
      retyped(name, "index(2)") + [.init("or for a yes-or-no target with one logit use `binary_cross_entropy`")]
    case (CrossEntropyLoss.name, .bool): [.init("for a yes-or-no target use `binary_cross_entropy`")]
    case (BinaryCrossEntropyLoss.name, .index(2)):
      alternatives(
        declaring(name, ExampleType(.bool, found.shape), prediction, first)
          + [.init("for an `index(n)` target use `cross_entropy`")])
    case (BinaryCrossEntropyLoss.name, .index): [.init("for an `index(n)` target use `cross_entropy`")]
    case (CrossEntropyLoss.name, .float32):
      found.rank == 1 && found.shape[0] > 1
        ? [
          .init(
            "the target is the number of the class: declare `target \(name): index(\(found.shape[0]))`",
            edits: prediction?.shape == found.shape
              ? retyped(name, "index(\(found.shape[0]))").flatMap(\.edits) : [], isSure: false)
        ]
        : [.init("for a target that is a number use `mse` or `huber`, for classes declare `target \(name): index(n)`")]
    case (MSELoss.name, .bool), (MAELoss.name, .bool), (HuberLoss.name, .bool):
      [.init("for a yes-or-no target use `binary_cross_entropy` on a logit, without a `sigmoid`")]
    case (MSELoss.name, .index), (MAELoss.name, .index), (HuberLoss.name, .index):
      alternatives(
        [.init("for an `index(n)` target use `cross_entropy`")]
          + declaring(name, ExampleType(.float32, found.shape), prediction, first))
    default: []
    }
  }

  /// The fix that declares a target with another type, where that then fits: perhaps once the one number of the output `first` has no
  /// axis any more.
  private func declaring(
    _ name: String, _ type: ExampleType, _ prediction: ExampleType?, _ first: String? = nil
  ) -> [Diagnostic.Help] {
    for case .target(let node) in train?.body ?? [] where node.name.text == name {
      let edit = Diagnostic.Edit(node.type.span, "\(type)")
      if prediction?.shape == type.shape {
        return [.init("declare `target \(name): \(type)`", edits: [edit], isSure: false)]
      }
      guard let first, prediction?.count == 1, type.rank == 0 else { return [] }
      let output = appending(" -> reshape([])", toOutput: first)
      return [
        .init(
          "declare `target \(name): \(type)`, and end `\(first)` with `-> reshape([])`",
          edits: output.isEmpty ? [] : [edit] + output, isSure: false)
      ]
    }
    return []
  }

  /// The fix that gives a target another type.
  private func retyped(_ name: String, _ type: String) -> [Diagnostic.Help] {
    for case .target(let node) in train?.body ?? [] where node.name.text == name {
      return [.init("declare `target \(name): \(type)`", edits: [.init(node.type.span, type)], isSure: false)]
    }
    return []
  }

  /// A single score where there are two classes: the loss for a yes or no is meant.
  func singleScoreHelp(
    _ loss: SourceSpan, _ classes: Int, _ prediction: TensorMeaning?, _ target: TensorMeaning?
  ) -> [Diagnostic.Help] {
    let more = Diagnostic.Help("give the last layer \(classes) outputs, one for each class")
    guard classes == 2, let first = prediction?.name, let second = target?.name, target?.tensor?.type.rank == 0,
      let type = prediction?.tensor?.type, let written = target?.chain.flatMap({ writtenType(at: $0.place) })
    else { return [more] }
    let output = type.rank == 0 ? [] : appending(" -> reshape([])", toOutput: first)
    let isWhole = type.rank == 0 || !output.isEmpty
    let binary = Diagnostic.Help(
      "a single score is for `\(BinaryCrossEntropyLoss.name)(\(first), \(second))`, with `target \(second): bool`"
        + (type.rank == 0 ? "" : " and `-> reshape([])` at the end of `\(first)`"),
      edits: isWhole ? [.init(loss, BinaryCrossEntropyLoss.name), .init(written.span, "bool")] + output : [],
      isSure: false)
    return alternatives([binary, more])
  }
}
