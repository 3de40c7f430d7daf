import Datasets
import Graphs
import Ops
import Source
import Syntax
import Vocabulary

extension Elaborator {
  /// Starts the graph.
  func begin(mode: GraphMode, batch: Int, seed: UInt64, _ table: SettingTable?, _ frame: Frame) {
    site = LayerSite(mode: mode, batch: batch, seed: seed, nodeLimit: budget.nodes)
    guard let flow = table?.given(.initializer)?.flow else { return }
    var known: [WeightFans: Initializer?] = [:]
    site.weightInitializer = { [unowned self] fans in
      if let initializer = known[fans] { return initializer }
      let initializer = initializer(flow, fans, frame)
      known[fans] = initializer
      return initializer
    }
  }

  /// `batch`; nil after a mistake.
  func batch(_ table: SettingTable, _ frame: Frame) -> BatchSize? {
    guard let entry = table[.batch] else { return .count(32) }
    if entry.flow.expression?.bareCall?.text == "all", frame.entry("all") == nil { return .all }
    if let word = entry.flow.expression?.bareCall, frame.entry(word.text) == nil, constant(word.text, frame) == nil {
      error(
        .settingValue, "`batch` must be a whole number of at least 1, or `all`; got `\(word.text)`", at: word.span,
        frame,
        help: [.init("the whole set as one batch is `batch = all`", edits: [.init(word.span, "all")], isSure: false)])
      return nil
    }
    let meaning = evaluate(entry.flow, frame)
    if meaning.isUnknown { return nil }
    guard case .number(let number) = meaning, let count = number.whole, count >= 1 else {
      error(
        .settingValue, "`batch` must be a whole number of at least 1, or `all`; got \(meaning.description)",
        at: entry.flow.span, frame)
      return nil
    }
    if count > Elaborator.largestArgument {
      error(.settingValue, "`batch` is too large: \(count); the limit is 2^30", at: entry.flow.span, frame)
      return nil
    }
    return .count(count)
  }

  /// `seed`; 0 after a mistake.
  func seed(_ table: SettingTable, _ frame: Frame) -> UInt64 {
    guard let entry = table[.seed] else { return 0 }
    return whole(evaluate(entry.flow, frame), "`seed`", atLeast: 0, at: entry.flow.span, frame).map(UInt64.init) ?? 0
  }

  /// The targets of the section, fed and declared.
  func targets(_ train: TrainSyntax, _ frame: Frame) -> [TensorDeclaration] {
    var declarations: [TensorDeclaration] = []
    for case .target(let node) in train.body {
      if let known = frame.entry(node.name.text), known.span != node.name.span {
        duplicate(node.name, known.span, frame)
        // What reads the name further down means the target.
        if known.kind != .target {
          frame.names[node.name.text] = Frame.Entry(meaning: .unknown, kind: .target, span: node.name.span)
          used.insert(node.name.span)
        }
        continue
      }
      guard let type = exampleType(node.type, frame) else {
        declare(node.name, .unknown, .target, frame)
        continue
      }
      declare(node.name, .tensor(feed(node.name, type, .target, frame)), .target, frame)
      declarations.append(TensorDeclaration(node.name.text, type.element, shape: type.shape, role: .target))
    }
    return declarations
  }

  /// The settings, in the order of the language's list; nil after a mistake.
  func settings(
    _ table: SettingTable, _ train: TrainSyntax, _ frame: Frame, _ targets: [String], _ batch: BatchSize?
  ) -> TrainSettings? {
    var tensors = inputTypes.map(\.name) + targets
    // One whose declaration has a mistake exists all the same.
    tensors += (net?.inputNames ?? []).filter { !$0.isEmpty && !tensors.contains($0) }
    for case .target(let node) in train.body where !node.name.isMissing && !tensors.contains(node.name.text) {
      tensors.append(node.name.text)
    }
    requireSettings(table, train, frame)
    let data = table.given(.data).flatMap { self.data($0.flow, "data", frame, tensors: tensors) }
    let validation = table.given(.validation).flatMap { self.data($0.flow, "validation", frame, tensors: tensors) }
    loss(table, frame, targets: targets, isMixed: data?.mixup != nil)
    site.phase = .metric
    readsOutputs = true
    let metrics = table.given(.metrics).map { self.metrics($0.flow, frame) } ?? []
    readsOutputs = false
    let optimizer = table.given(.optimizer).flatMap { self.optimizer($0.flow, frame) }
    let schedule = table.given(.schedule).map { self.schedule($0.flow, frame) } ?? .constant
    if let plateau = schedule?.plateau, let entry = table.given(.schedule) {
      checkWatched(plateau.on, entry.flow.span, .schedule, table, metrics.filter(\.isNumber).map(\.name), frame)
    }
    if let entry = table.given(.initializer) { _ = initializer(entry.flow, WeightFans(fanIn: 1, fanOut: 1), frame) }
    let length = length(table, train, frame)
    warnOfSchedule(schedule, table, frame)
    warnOfUnits(table, frame)
    let rules = rules(table, metrics.filter(\.isNumber).map(\.name), frame)
    let others = others(table, frame)
    for node in train.body where lossFits {
      guard case .target(let target) = node, let entry = frame.names[target.name.text] else { continue }
      if !used.contains(entry.span) {
        warn(.unused, "the target `\(target.name.text)` is never used", at: target.name.span, frame)
      }
    }
    guard let data, let optimizer, let schedule, let batch, let length else { return nil }
    return TrainSettings(
      data: data, validation: validation, metrics: metrics, optimizer: optimizer, schedule: schedule, batch: batch,
      accumulate: others.accumulate, length: length, seed: site.seed, weights: others.weights, freeze: others.freeze,
      skipsBadRows: others.skipsBadRows,
      isPrecise: others.isPrecise, checkpoint: rules.checkpoint, earlyStop: rules.earlyStop,
      dataPlace: dataPlace(table), resolved: resolved(table))
  }

  /// "`data` is set in digits.net:12", and where the validation is.
  private func dataPlace(_ table: SettingTable) -> String {
    let places = [SettingName.data, .validation].compactMap { name in
      table.given(name).map { entry in
        let file = entry.place.file
        return "`\(name.rawValue)` is set in \(file.path)\(file == program.file ? ":\(entry.place.line)" : "")"
      }
    }
    return places.joined(separator: ", ")
  }

  private func requireSettings(_ table: SettingTable, _ train: TrainSyntax, _ frame: Frame) {
    let missing = [SettingName.data, .loss, .optimizer].filter {
      table.given($0) == nil && !($0 == .optimizer && isOptimizerTold)
    }
    guard let first = missing.first else { return }
    if reporter.isUnread(train.span) { return reporter.suppress() }
    let examples: [SettingName: String] = [
      .data: "data = csv(\"table.csv\", …)", .loss: "loss = cross_entropy(logits, label)",
      .optimizer: "optimizer = adam(lr=1e-3)",
    ]
    error(
      .missingSetting,
      "`train \(net?.name.text ?? train.net.text)` needs \(missing.map { "`\($0.rawValue)`" }.joined(separator: ", "))",
      at: table[first]?.place ?? train.net.span, frame,
      help: missing.compactMap { examples[$0].map { .init("such as `\($0)`") } })
  }

  /// The loss; where examples are mixed, that of both targets in the share of the inputs.
  private func loss(_ table: SettingTable, _ frame: Frame, targets: [String], isMixed: Bool) {
    guard let entry = table.given(.loss) else { return }
    allowsLosses = true
    site.phase = .loss
    let meaning = evaluate(entry.flow, frame)
    allowsLosses = false
    switch meaning {
    case .loss(let value):
      lossFits = true
      noteWhatCounts(value)
      guard isMixed, site.mode == .training, let mixed = mixedLoss(value, entry.flow, targets, frame) else {
        return site.builder.output("loss", value)
      }
      site.builder.output("loss", mixed)
    case .unknown: return
    case .tensor(let tensor) where tensor.tensor == nil: return
    default:
      let known = words.losses.keys.sorted().map { "`\($0)`" }.joined(separator: ", ")
      error(
        .notALoss, "`loss` must be a loss, got \(meaning.description)", at: entry.flow.span, frame,
        help: [
          quotedHelp(meaning, Set(words.losses.keys)) ?? lossesHelp(entry.flow)
            ?? .init("the losses are \(known), and sums of them")
        ])
    }
  }

  /// In evaluation, tells of how many targets a loss that ignores some is the mean: batches have more of them and fewer.
  private func noteWhatCounts(_ loss: Value) {
    let node = site.builder.graph[loss]
    guard site.mode == .evaluation, let op = node.op as? SoftmaxCrossEntropy, op.ignore != nil, !op.hasWeights,
      let count = try? site.addScalar(TargetCount(ignore: op.ignore), [node.operands[1]])
    else { return }
    site.builder.output(MetricSummary.partName("loss", 1), count)
  }

  /// `share * loss + (1 - share) * other`, where `other` is the same loss of the targets that are mixed in; nil after a mistake.
  private func mixedLoss(_ loss: Value, _ flow: FlowSyntax, _ targets: [String], _ frame: Frame) -> Value? {
    let saved = frame.names
    defer { frame.names = saved }
    for target in targets {
      guard case .tensor(let known)? = frame.names[target]?.meaning, let tensor = known.tensor,
        let value = try? site.builder.feed(
          target + Feed.mixedSuffix, role: .mixedTarget, type: tensor.type.batched(site.batch))
      else { return nil }
      var mixed = known
      mixed.tensor = Tensor(value: value, type: tensor.type)
      frame.names[target]?.meaning = .tensor(mixed)
    }
    allowsLosses = true
    defer { allowsLosses = false }
    guard case .loss(let other) = evaluate(flow, frame) else { return nil }
    return try? site.builder.mixture(of: loss, and: other)
  }

  /// `epochs` or `steps`.
  private func length(_ table: SettingTable, _ train: TrainSyntax, _ frame: Frame) -> TrainingLength? {
    switch (table[.epochs], table[.steps]) {
    case (let epochs?, let steps?):
      error(
        .contradiction, "`epochs` and `steps` both say how long to train", at: steps.place, frame,
        secondary: [.init(epochs.place, "the other one")],
        help: [
          .init("remove `\(shortened(line(of: steps)))`", edits: removingLine(of: steps), isSure: false),
          .init("or remove `\(shortened(line(of: epochs)))`", edits: removingLine(of: epochs), isSure: false),
        ])
      return nil
    case (let entry?, nil):
      return count(entry, .epochs, frame).map(TrainingLength.epochs)
    case (nil, let entry?):
      return count(entry, .steps, frame).map(TrainingLength.steps)
    case (nil, nil):
      if reporter.isUnread(train.span) {
        reporter.suppress()
        return nil
      }
      error(
        .missingSetting, "`train \(net?.name.text ?? train.net.text)` needs `epochs` or `steps`", at: train.net.span,
        frame,
        help: [.init("such as `epochs = 10`")])
      return nil
    }
  }

  private func count(_ entry: SettingTable.Entry, _ name: SettingName, _ frame: Frame) -> Int? {
    var meaning = evaluate(entry.flow, frame)
    // `epochs = 3 epochs` says its unit twice.
    switch (name, meaning) {
    case (.epochs, .span(.epochs(let count))), (.steps, .span(.steps(let count))):
      meaning = .number(Int(exactly: count).map(Number.integer) ?? .decimal(count))
    case (_, .span(let span)):
      let other = name == .epochs ? SettingName.steps : .epochs
      let number = entry.flow.span.text.split(separator: " ").first.map(String.init) ?? "100"
      let isInFile = entry.place.file == program.file && entry.place != entry.flow.span
      error(
        .size, "`\(name.rawValue)` counts \(name.rawValue), got \(span)", at: entry.flow.span, frame,
        help: [
          .init(
            "write `\(other.rawValue) = \(number)`",
            edits: isInFile ? [.init(entry.place, other.rawValue), .init(entry.flow.span, number)] : [])
        ])
      return nil
    default: break
    }
    if case .number(let number) = meaning, number.whole == nil, let help = wholeLength(name, entry) {
      error(
        .size, "`\(name.rawValue)` must be a whole number, got \(number)", at: entry.flow.span, frame, help: help)
      return nil
    }
    guard let count = whole(meaning, "`\(name.rawValue)`", atLeast: 1, at: entry.flow.span, frame) else { return nil }
    guard count <= 1 << 40 else {
      error(.settingValue, "`\(name.rawValue)` is too large: \(count)", at: entry.flow.span, frame)
      return nil
    }
    return count
  }

  /// What to write for a length of training with a fraction; nil where it is not written as a number.
  private func wholeLength(_ name: SettingName, _ entry: SettingTable.Entry) -> [Diagnostic.Help]? {
    guard let count = Double(entry.flow.span.text), let next = Int(exactly: count.rounded(.up)), next > 0 else {
      return nil
    }
    let isInFile = entry.place.file == program.file
    let write = Diagnostic.Help(
      "write `\(next)`", edits: isInFile ? [.init(entry.flow.span, "\(next)")] : [], isSure: false)
    return name == .epochs ? [write, .init("or count batches, in place of `epochs`: `steps = 1000`")] : [write]
  }

  /// `checkpoint` and `early_stop`.
  private func rules(
    _ table: SettingTable, _ metrics: [String], _ frame: Frame
  ) -> (checkpoint: CheckpointSettings?, earlyStop: EarlyStopSettings?) {
    var checkpoint: CheckpointSettings?
    var earlyStop: EarlyStopSettings?
    if let entry = table.given(.checkpoint),
      let (_, bound, place) = word(
        entry.flow, [CheckpointRule.name: CheckpointRule.self], "rule", .settingValue, frame)
    {
      checkpoint = CheckpointRule.settings(bound.arguments)
      checkWatched(checkpoint?.best, bound.spans["best"] ?? place, .checkpoint, table, metrics, frame)
    }
    if let entry = table.given(.earlyStop),
      let (_, bound, place) = word(entry.flow, [EarlyStopRule.name: EarlyStopRule.self], "rule", .settingValue, frame)
    {
      earlyStop = EarlyStopRule.settings(bound.arguments)
      warnOfPatience(earlyStop, bound.spans["span"] ?? place, table, frame)
      checkWatched(earlyStop?.on, bound.spans["on"] ?? place, .earlyStop, table, metrics, frame)
    }
    return (checkpoint, earlyStop)
  }

  /// A rule can watch the loss, and what is computed of the validation.
  private func checkWatched(
    _ name: String?, _ span: SourceSpan, _ setting: SettingName, _ table: SettingTable, _ metrics: [String],
    _ frame: Frame
  ) {
    guard var name else { return }
    let known = ["loss"] + (["loss"] + metrics).map { "val.\($0)" }
    if !known.contains(name), table.given(.metrics) == nil, let train, reporter.isUnread(train.span) {
      return reporter.suppress()
    }
    if !known.contains(name), table.given(.metrics) == nil || !metrics.isEmpty {
      let near = known.first { $0 == "val.\(name)" } ?? closestSpelling(of: name, among: known)
      let metric = name.split(separator: ".").last.map(String.init) ?? name
      var help = near.map { Diagnostic.Help("write `\($0)`") }
      if let near, let range = span.text.range(of: name) {
        let place = span.file.span(span.start + range.lowerBound, span.start + range.upperBound)
        help?.edits = [.init(place, near)]
        help?.isSure = isSlip(name, for: near)
      } else if near == nil, words.metrics[metric] != nil {
        help = .init("add `\(metric)` to `metrics`")
      }
      error(
        .metric,
        "`\(setting.rawValue)` watches `\(name)`, which is not computed\(near.map { "; did you mean `\($0)`?" } ?? "")",
        at: span, frame, help: help.map { [$0] } ?? [])
      // What was meant may have mistakes of its own.
      guard let near else { return }
      name = near
    }
    if name.hasPrefix("val."), table.given(.validation) == nil {
      if table.isNone(.validation) {
        warn(
          .neverStops, "`\(setting.rawValue)` watches `\(name)`, but `validation` is `none`: it has no effect",
          at: span,
          frame)
      } else if isNoValidationTold || reporter.isUnread(SettingName.validation.rawValue) {
        reporter.suppress()
      } else {
        isNoValidationTold = true
        error(
          .noValidation, "`\(setting.rawValue)` watches `\(name)`, but there is no `validation`", at: span, frame,
          help: [
            .init(
              "add `validation = split(data, 0.2)`",
              edits: table[.data].map { addingLine("validation = split(data, 0.2)", after: $0) } ?? [], isSure: false)
          ])
      }
    }
  }
}

extension GraphBuilder {
  /// The share of one scalar and the rest of another.
  fileprivate mutating func mixture(of first: Value, and second: Value) throws(ShapeError) -> Value {
    let share = try feed("mixing_share", role: .mixingShare, type: TensorType(.float32, []))
    let rest = try add(Offset(amount: 1), [try add(Negate(), [share])])
    return try add(Add(), [try add(Multiply(), [first, share]), try add(Multiply(), [second, rest])])
  }
}
