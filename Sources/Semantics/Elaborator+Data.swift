import Datasets
import Graphs
import Source
import Syntax
import Vocabulary

extension Elaborator {
  /// The word that a setting names, with its arguments; nil after a mistake. `catalogue` are the words that may stand there.
  func word<W>(
    _ flow: FlowSyntax, _ catalogue: [String: W], _ kind: String, _ code: DiagnosticCode, _ frame: Frame,
    tensors: [String] = []
  ) -> (word: W, bound: BoundCall, place: SourceSpan)? {
    guard flow.stages.isEmpty, let call = call(flow.head, catalogue, kind, code, frame) else {
      if let stage = flow.stages.first { error(code, "nothing can follow the \(kind)", at: stage.span, frame) }
      return nil
    }
    return word(call, catalogue, kind, code, frame, tensors: tensors)
  }

  /// The call that an expression is; reports anything else.
  private func call<W>(
    _ expression: ExpressionSyntax, _ catalogue: [String: W], _ kind: String, _ code: DiagnosticCode, _ frame: Frame
  ) -> CallSyntax? {
    switch expression {
    case .missing: return nil
    case .call(let call): return call
    default:
      noWord(expression, catalogue, kind, code, frame)
      return nil
    }
  }

  private func word<W>(
    _ call: CallSyntax, _ catalogue: [String: W], _ kind: String, _ code: DiagnosticCode, _ frame: Frame,
    tensors: [String]
  ) -> (word: W, bound: BoundCall, place: SourceSpan)? {
    let name = call.path[0]
    if name.isMissing { return nil }
    guard let word = catalogue[name.text], call.path.count == 1 else {
      let meant = unknownWord(call, catalogue, kind, code, frame)
      return meant.flatMap { word(call.calling($0), catalogue, kind, code, frame, tensors: tensors) }
    }
    guard let type = word as? any Word.Type else { return nil }
    return bind(type, call.arguments, at: name.span, frame, tensors: tensors).map { (word, $0, name.span) }
  }

  /// `image_folder("photos") -> resize(256) -> …`; nil after a mistake.
  func data(_ flow: FlowSyntax, _ setting: String, _ frame: Frame, tensors: [String]) -> DataDescription? {
    if reporter.isUnread(flow.span) {
      reporter.suppress()
      return nil
    }
    guard case .call(let head) = flow.head else {
      if case .missing = flow.head { return nil }
      error(
        .settingValue, "`\(setting)` must be a source of data, got `\(shortened(flow.span))`", at: flow.span, frame,
        help: [
          splitHelp(flow) ?? sourceHelp(flow, tensors)
            ?? .init("such as `csv(\"table.csv\", …)` or `digits(\"train\")`")
        ])
      return nil
    }
    if setting == "data", head.path[0].text == SplitData.name { return splitOfData(head, flow, frame) }
    guard
      let (source, bound, place) = word(head, words.sources, "source of data", .settingValue, frame, tensors: tensors)
    else { return nil }
    var isComplete = !reporter.isOnUnreadLine(flow.span)
    var transforms: [DataTransform] = []
    var placed: [PlacedTransform] = []
    for stage in flow.stages {
      guard case .call(let call) = stage.kind else {
        if case .missing = stage.kind { return nil }
        error(.settingValue, "data flows through transforms only", at: stage.span, frame)
        return nil
      }
      guard
        let (word, written, name) = word(
          call, words.transforms, "transform of data", .settingValue, frame, tensors: tensors)
      else {
        isComplete = false
        continue
      }
      var arguments = written
      let texts = arguments.arguments.texts("tensors")
      if texts.contains(where: { !tensors.contains($0) }) {
        let meant = texts.map { text in
          tensors.contains(text)
            ? text : unknownTensor(text, arguments.spans["tensors"] ?? name, tensors, frame) ?? text
        }
        arguments.arguments.values["tensors"] = .list(meant.map { .text($0) })
        isComplete = false
      }
      do {
        let transform = try word.transform(arguments.arguments)
        transforms.append(transform)
        placed.append(
          PlacedTransform(word: word.name, transform: transform, bound: arguments, place: name, stage: stage.span))
      } catch {
        report(error, word.name, nil, nil, arguments, at: name, frame)
        isComplete = false
      }
    }
    if source.namedTensors != nil {
      let left = tensors.filter { tensor in !bound.arguments.namedTensors.contains { $0.name == tensor } }
      if !left.isEmpty {
        columnsMissing(left, source.name, at: place, frame)
        isComplete = false
      }
    }
    let description: DataDescription
    do { description = DataDescription(try source.source(bound.arguments), transforms: transforms) } catch {
      report(error, source.name, nil, nil, bound, at: place, frame)
      return nil
    }
    let data = PlacedData(
      setting: setting, word: source.name, source: description.source, bound: bound, place: place, transforms: placed,
      flow: flow)
    // What a transform that could not be read would change is not known.
    if transforms.count == flow.stages.count,
      !checkFit(data, after: setting == "data" ? nil : placedData, tensors, frame)
    {
      isComplete = false
    }
    if source.namedTensors != nil {
      if checkColumns(bound, place, frame) { warnOfLeaks(bound, frame) } else { isComplete = false }
    }
    if setting == "data", isComplete { placedData = data }
    return isComplete ? description : nil
  }

  /// `data = split(digits("train"), 0.8)`: the share belongs to the validation.
  private func splitOfData(_ call: CallSyntax, _ flow: FlowSyntax, _ frame: Frame) -> DataDescription? {
    var help: [Diagnostic.Help] = []
    if let arguments = call.arguments?.arguments, let first = arguments.first,
      case .call(let source)? = first.value.expression,
      words.sources[source.path[0].text] != nil, flow.stages.isEmpty
    {
      var share = 0.2
      if arguments.count > 1, case .number(let number)? = arguments[1].value.expression, number.doubleValue > 0,
        number.doubleValue < 1
      {
        share = number.doubleValue > 0.5 ? (100 * (1 - number.doubleValue)).rounded() / 100 : number.doubleValue
      }
      help = [.init("write `data = \(shortened(first.span))` and `validation = split(data, \(share))`")]
    }
    error(
      .settingValue, "`split` takes a part of `data` for `validation`; `data` cannot be one", at: call.path[0].span,
      frame,
      help: help)
    return nil
  }

  /// Reports tensors of which a table does not say the columns.
  private func columnsMissing(_ tensors: [String], _ source: String, at place: SourceSpan, _ frame: Frame) {
    // A row of indices is one column of text.
    let isOne = tensors.map { name in
      guard case .tensor(let meaning)? = frame.entry(name)?.meaning, let type = meaning.tensor?.type else {
        return false
      }
      return if case .index = type.element { true } else { type.count == 1 }
    }
    let what = tensors.count == 1 && isOne[0] ? "column" : "columns"
    let names = tensors.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
    let example = zip(tensors, isOne).prefix(8).map { $1 ? "\($0)=…" : "\($0)=[…]" }.joined(separator: ", ")
    error(
      .dataNames, "\(source) does not say which \(what) \(names) \(tensors.count == 1 ? "is" : "are")", at: place,
      frame,
      help: [
        .init(
          "add `\(example)` with the \(what == "column" ? "title or the number of the column" : "titles or the numbers of the columns")"
        )
      ])
  }

  /// Reports a name that no tensor has; gives the one that is offered in its place.
  private func unknownTensor(_ text: String, _ span: SourceSpan, _ tensors: [String], _ frame: Frame) -> String? {
    let near = closestSpelling(of: text, among: tensors)
    if near == nil, hasNameless(frame) {
      reporter.suppress()
      return nil
    }
    error(
      .dataNames, "the net has no input and no target `\(text)`\(near.map { "; did you mean `\($0)`?" } ?? "")",
      at: span, frame,
      help: near.map { word in
        [.init("write `\(word)`", edits: span.text == text ? [.init(span, word)] : [], isSure: isSlip(text, for: word))]
      } ?? [])
    return near
  }

  /// `warmup(5 epochs) -> cosine(to=0)`; nil after a mistake.
  func schedule(_ flow: FlowSyntax, _ frame: Frame) -> LearningRateSchedule? {
    var calls: [CallSyntax] = []
    guard let head = call(flow.head, words.schedules, "schedule", .settingValue, frame) else { return nil }
    calls.append(head)
    for stage in flow.stages {
      guard case .call(let call) = stage.kind else {
        if case .missing = stage.kind { return nil }
        error(.settingValue, "schedules follow one another with `->`", at: stage.span, frame)
        return nil
      }
      calls.append(call)
    }
    var bound: [(word: any ScheduleWord.Type, bound: BoundCall, place: SourceSpan)] = []
    for call in calls {
      guard let found = word(call, words.schedules, "schedule", .settingValue, frame, tensors: []) else { return nil }
      bound.append(found)
    }
    var schedule: LearningRateSchedule?
    for (word, call, place) in bound.reversed() {
      do { schedule = try word.schedule(call.arguments, then: schedule) } catch {
        report(error, word.name, nil, nil, call, at: place, frame)
        return nil
      }
    }
    return schedule
  }

  func optimizer(_ flow: FlowSyntax, _ frame: Frame) -> OptimizerSettings? {
    guard let (word, bound, place) = word(flow, words.optimizers, "optimizer", .settingValue, frame) else { return nil }
    do { return try word.settings(bound.arguments) } catch {
      report(error, word.name, nil, nil, bound, at: place, frame)
      return nil
    }
  }

  /// The distribution that `init` gives a weight; nil after a mistake, or where there is no such setting.
  func initializer(_ flow: FlowSyntax, _ fans: WeightFans, _ frame: Frame) -> Initializer? {
    let inner = Frame(nil, outer: frame)
    for (name, value) in [("fan_in", fans.fanIn), ("fan_out", fans.fanOut)] {
      inner.names[name] = Frame.Entry(meaning: .number(.integer(value)), kind: .variable, span: flow.span)
    }
    guard let (word, bound, _) = word(flow, words.initializers, "initialiser", .settingValue, inner) else { return nil }
    return word.initializer(bound.arguments, fans)
  }
}
