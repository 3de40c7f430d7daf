import Source
import Vocabulary

// Changes to earlier layers that make a later one fit.
extension Elaborator {
  /// Whether a window has two numbers over an input of two axes: it has no channels.
  func lacksChannels(_ argument: String, _ failure: LayerFailure) -> Bool {
    guard ["kernel", "stride", "pad", "dilation"].contains(argument), failure.input.tensor?.type.rank == 2,
      failure.input.tensor?.type.element == .float32
    else { return false }
    return failure.bound.arguments.perAxis(argument, rank: 2) != nil
      && failure.bound.arguments.perAxis(argument, rank: 1) == nil
  }

  /// How an input without channels gets one.
  func channelHelp(_ failure: LayerFailure, _ input: ExampleType) -> [Diagnostic.Help] {
    let sizes = "1, \(input.shape[0]), \(input.shape[1])"
    if let chain = failure.input.chain, chain.previous == nil, let written = writtenType(at: chain.place) {
      let type = "f32[\(sizes)]"
      return [
        .init(
          "a picture has channels: declare `\(chain.name): \(type)`, or 3 of them for colours",
          edits: [.init(written.span, type)], isSure: false)
      ]
    }
    return [
      .init(
        "`reshape([\(sizes)])` makes one channel of it",
        edits: [.init(failure.stage.place.before, "reshape([\(sizes)]) -> ")], isSure: false)
    ]
  }

  /// "in round 2 of `repeat 3` the picture is only 1 x 1": the text of a `repeat` stands once and is expanded several times.
  func roundNote(_ input: ExampleType) -> [Diagnostic.Note] {
    guard let round = rounds.last, round.count > 1 else { return [] }
    let size = input.shape.dropFirst().map(String.init).joined(separator: " x ")
    let what = input.rank == 3 ? "the picture is only \(size)" : "there are only \(size) positions"
    return [.init("in round \(round.number) of `repeat \(round.count)` \(what)")]
  }

  /// The padding of one convolution of stride 1 with which it keeps the size, and every window of the net fits.
  func keptSizeHelp(_ chain: ChainStep?) -> [Diagnostic.Help] {
    guard !isTrial, let net, let rootFrame, site.builder.graph.nodes.count < 2000 else { return [] }
    var step = chain
    var tried: Set<SourceSpan> = []
    while let current = step, let before = current.previous {
      step = before
      guard current.word == ConvLayer.name, before.type.rank >= 2, let resize = current.resize,
        let call = stageCalls[current.place], let last = call.arguments?.arguments.last,
        !(call.arguments?.arguments.contains { $0.name?.text == "pad" } ?? false), call.span.line == call.span.lastLine
      else { continue }
      let lost = before.type.shape[1] - current.type.shape[1]
      let keepsOthers = zip(before.type.shape, current.type.shape).dropFirst().allSatisfy { $0 - $1 == lost }
      guard lost > 0, lost % 2 == 0, keepsOthers, resize(1000, 0) == 1000 - lost else { continue }
      guard tried.insert(current.place).inserted else { continue }
      guard tried.count <= 3, paddingTrials < 6 else { return [] }
      paddingTrials += 1
      let padding = lost / 2
      let trial = trial(of: net, rootFrame) { $0.pretendedPadding = [current.place: padding] }
      if trial.isExhausted { return [] }
      let hasMisfit = trial.reporter.diagnostics.contains { $0.code == DiagnosticCode.window.code }
      if trial.leastSize != nil || hasMisfit { continue }
      let (edit, file) = (Diagnostic.Edit(last.span.after, ", pad=\(padding)"), call.span.file)
      let written =
        file.span(call.span.start, last.span.end).text + ", pad=\(padding)"
        + file.span(last.span.end, call.span.end).text
      return [
        .init("`\(written)` (\(line(current.place, for: current.place))) keeps the size", edits: [edit], isSure: false)
      ]
    }
    return []
  }

  /// `flatten(1)`, which elsewhere spares the batch: the fix, where everything as one axis gives the rank (and count) that is wanted.
  func flattenHelp(_ chain: ChainStep?, rank: Int, count: Int? = nil) -> Diagnostic.Help? {
    var step = chain
    while let current = step, current.word != FlattenLayer.name, current.keepsShape || current.isOnLastAxis {
      step = current.previous
    }
    guard rank == 1, let step, step.word == FlattenLayer.name, step.type.rank == 2, let call = stageCalls[step.place],
      let arguments = call.arguments, arguments.arguments.count == 1,
      ["1", "from=1"].contains(arguments.arguments[0].span.text), count.map({ $0 == step.type.count }) ?? true
    else { return nil }
    return .init(
      "axes are counted without the batch: `\(call.span.text)` leaves axis 0 as it is; write `flatten`",
      edits: [.init(call.span, "flatten")], isSure: false)
  }
}
