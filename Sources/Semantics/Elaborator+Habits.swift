import Source
import Syntax
import Vocabulary

// What runs and is rarely meant.
extension Elaborator {
  /// Notes of a layer what later stages and losses may warn about, and warns about the layer itself.
  func noteHabits(
    _ word: any LayerWord.Type, _ bound: BoundCall, _ input: TensorMeaning, _ result: inout TensorMeaning,
    _ stage: StageSite, _ frame: Frame
  ) {
    switch word.name {
    case SigmoidLayer.name, SoftmaxLayer.name:
      result.probability = (word.name, input.probability == nil ? input.name : input.probability?.source)
      result.endings = input.endings
      // Without this stage there would be another one that does the same.
      if input.probability != nil { result.madeBy = nil }
    case DropoutLayer.name, ReLULayer.name, ReLU6Layer.name:
      // Probabilities are not below 0, and what is left of them are probabilities.
      result.probability = input.probability
      result.endings = input.endings.suffix(7) + [(word.name, stage.span)]
    // The same numbers in another shape.
    case ReshapeLayer.name, FlattenLayer.name: result.probability = input.probability
    case MaxPoolLayer.name, AvgPoolLayer.name: warnOfRows(word.name, input, stage, frame)
    case AttentionLayer.name: warnOfOrder(word.name, bound, input, stage, frame)
    case ConvTransposeLayer.name: warnOfOrder(word.name, bound, input, stage, frame)
    case ConvLayer.name, LinearLayer.name:
      if word.name == ConvLayer.name {
        noteLayout(input)
        warnOfRows(word.name, input, stage, frame)
        warnOfOrder(word.name, bound, input, stage, frame)
      }
      if bound.arguments.flag("bias", else: true) { result.biasedBy = (stage.place, withoutBias(bound, stage)) }
    case BatchNormLayer.name:
      guard let biased = input.biasedBy else { return }
      warn(
        .redundantBias,
        "the bias of `\(biased.place.text)` has no effect: `batch_norm` takes the mean away again", at: biased.place,
        frame,
        help: [biased.fix])
    case AdaptiveAvgPoolLayer.name, AdaptiveMaxPoolLayer.name: warnOfBins(input, result, stage, frame)
    default: return
    }
  }

  /// The fix that takes the bias of a layer away.
  private func withoutBias(_ bound: BoundCall, _ stage: StageSite) -> Diagnostic.Help {
    let text = "write `bias=false`"
    if let written = bound.spans["bias"] { return .init(text, edits: [.init(written, "bias=false")]) }
    guard let last = bound.spans.values.max(by: { $0.end < $1.end }), last.file == stage.span.file else {
      return .init(text)
    }
    return .init(text, edits: [.init(last.after, ", bias=false")])
  }

  /// Adaptive pooling takes any size: where there are fewer positions than bins, a size before it is hardly what was meant.
  private func warnOfBins(_ input: TensorMeaning, _ result: TensorMeaning, _ stage: StageSite, _ frame: Frame) {
    guard let before = input.tensor?.type.shape.dropFirst(), let after = result.tensor?.type.shape.dropFirst(),
      zip(before, after).contains(where: { $0 < $1 })
    else { return }
    func text(_ sizes: ArraySlice<Int>) -> String { sizes.map(String.init).joined(separator: " x ") }
    warn(
      .repeatedBins,
      "\(stage.label ?? stage.place.text) has \(text(after)) bins for \(text(before)) positions: it repeats values",
      at: stage.place, frame, notes: shapes(input.chain),
      help: [.init("take fewer bins, or a larger input or fewer strides before it")])
  }

  /// What a loss should not be given directly: probabilities, cut or dropped scores.
  func warnOfPrediction(
    _ prediction: TensorMeaning, _ word: any LossWord.Type, _ bound: BoundCall, at place: SourceSpan, _ frame: Frame
  ) {
    let argument = bound.spans[word.compared.prediction] ?? place
    let what = prediction.name ?? "the prediction"
    let takesLogits = [CrossEntropyLoss.name, BinaryCrossEntropyLoss.name].contains(word.name)
    var ends = [prediction]
    if takesLogits, let probability = prediction.probability {
      let source = probability.source
      let isOutput = prediction.name.flatMap { frame.entry($0) }?.kind == .output
      // What the loss should be given instead has habits of its own.
      if case .tensor(let tensor)? = source.flatMap({ frame.entry($0) })?.meaning { ends.append(tensor) }
      warn(
        .probabilities,
        "`\(what)` is already a \(probability.word); \(word.name) takes logits\(source.map { ": use `\($0)`" } ?? "")",
        at: argument, frame,
        help: source.map {
          [.init("write `\($0)`", edits: isOutput && argument.text == prediction.name ? [.init(argument, $0)] : [])]
        }
          ?? withoutProbability(prediction, probability.word, word.name))
    }
    for tensor in ends { warnOfEndings(tensor, tensor.name ?? what, word, takesLogits, frame) }
  }

  /// A net that is to say what follows, and reads that itself.
  func warnOfSeenTarget(
    _ prediction: TensorMeaning, _ target: TensorMeaning, _ bound: BoundCall, at place: SourceSpan, _ frame: Frame
  ) {
    guard let scores = prediction.tensor, let sequence = target.tensor, let name = target.name,
      case .feed = site.builder.graph[sequence.value].kind,
      reporter.errorCount == 0, site.builder.graph.looksBack(from: scores.value, onto: sequence.value)
    else { return }
    warn(
      .seenTarget,
      "`\(prediction.name ?? "the prediction")` sees at each place of `\(name)` the piece that it is to guess there",
      at: bound.spans["target"] ?? place, frame,
      secondary: (target.chain?.place).map { [.init($0, "read by the net, and its target as well")] } ?? [],
      help: [.init("let the net read `\(name) -> shift_right(start=0)`: each place sees what stands before it")])
  }

  /// What cuts or drops the numbers that a loss is given.
  private func warnOfEndings(
    _ prediction: TensorMeaning, _ what: String, _ word: any LossWord.Type, _ takesLogits: Bool, _ frame: Frame
  ) {
    for (made, stage) in prediction.endings {
      if made == DropoutLayer.name {
        warn(
          .droppedScores, "`\(what)` ends with dropout: in training the loss sees scores that are set to 0", at: stage,
          frame, help: [.init("remove it, or put it before the last layer", edits: withoutStage(stage))])
      } else if takesLogits, made == ReLULayer.name || made == ReLU6Layer.name {
        warn(
          .cutScores, "`\(what)` ends with \(made), which cuts off negative logits; \(word.name) takes any", at: stage,
          frame, help: [.init("remove it", edits: withoutStage(stage))])
      }
    }
  }

  /// What to do about probabilities of a tensor that has no name.
  private func withoutProbability(_ prediction: TensorMeaning, _ made: String, _ loss: String) -> [Diagnostic.Help] {
    let named = Diagnostic.Help(
      "give the loss the tensor before the `\(made)`: name it as an output of its own")
    guard let (last, stage) = prediction.madeBy, last == made else { return [named] }
    return alternatives([
      .init("remove `-> \(shortened(stage))`: \(loss) has it in it", edits: withoutStage(stage), isSure: false), named,
    ])
  }

  /// The edit that takes out a stage with the arrow before it.
  func withoutStage(_ stage: SourceSpan) -> [Diagnostic.Edit] {
    let bytes = stage.file.bytes
    var start = stage.start
    func skipBlanks() { while start > 0, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[start - 1]) { start -= 1 } }
    skipBlanks()
    guard start >= 2, bytes[(start - 2)..<start].elementsEqual("->".utf8) else { return [] }
    start -= 2
    skipBlanks()
    return [.init(stage.file.span(start, stage.end), "")]
  }
}
