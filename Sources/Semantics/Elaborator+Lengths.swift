import Source
import Syntax
import Vocabulary

/// Lengths that do nothing in a training of the length that it has, and lengths whose unit was probably forgotten.
extension Elaborator {
  /// How long the file itself says that the training is. A run that an option makes short is only tried.
  private func trainingLength(_ table: SettingTable) -> TrainingSpan? {
    for name in [SettingName.epochs, .steps] {
      guard let entry = table.given(name), entry.place.file == program.file,
        case .number(let number)? = entry.flow.expression, number.unit == nil, number.doubleValue >= 1
      else { continue }
      return name == .epochs ? .epochs(number.doubleValue) : .steps(number.doubleValue)
    }
    return nil
  }

  /// Warns of a patience that is as long as the training, which never ends it.
  func warnOfPatience(_ rule: EarlyStopSettings?, _ span: SourceSpan, _ table: SettingTable, _ frame: Frame) {
    guard let rule, table.given(.validation) != nil, let length = trainingLength(table),
      let (patience, whole, unit) = counts(rule.patience, length), whole <= patience
    else { return }
    let fifth = max(1, (whole / 5).rounded())
    let shorter: TrainingSpan = unit == .epochs ? .epochs(fifth) : .steps(fifth)
    warn(
      .neverStops,
      "`early_stop` waits \(numberText(patience)) \(unit.rawValue), and training ends after \(numberText(whole)): it has no effect",
      at: span, frame, help: fifth < patience ? [.init("wait for less, such as `patience(\(shorter))`")] : [])
  }

  /// Warns of a warm-up that training does not outlast, and of steps of the rate that come after its end.
  func warnOfSchedule(_ schedule: LearningRateSchedule?, _ table: SettingTable, _ frame: Frame) {
    guard var rest = schedule, let entry = table.given(.schedule), let length = trainingLength(table) else { return }
    if case .warmup(let span, let next) = rest {
      if let (warmup, whole, _) = counts(span, length), warmup > whole {
        return warn(
          .neverStops,
          "`warmup` takes \(span), and training ends after \(numberText(whole)): the rate stays below its full height",
          at: entry.flow.span, frame)
      }
      rest = next
    }
    guard case .step(let every, _) = rest, let (first, whole, _) = counts(every, length), first >= whole else { return }
    warn(
      .neverStops,
      "`step` changes the rate after \(every), and training ends after \(numberText(whole)): it has no effect",
      at: entry.flow.span, frame)
  }

  /// Two lengths in their common unit; nil where they have none.
  private func counts(_ span: TrainingSpan, _ length: TrainingSpan) -> (Double, Double, SettingName)? {
    switch (span, length) {
    case (.epochs(let a), .epochs(let b)): (a, b, .epochs)
    case (.steps(let a), .steps(let b)): (a, b, .steps)
    default: nil
    }
  }

  /// Warns of a number without a unit where the training counts epochs, and has at least as many: `step(every=30)` is 30 steps.
  func warnOfUnits(_ table: SettingTable, _ frame: Frame) {
    guard case .epochs(let epochs)? = trainingLength(table) else { return }
    let rules: [String: any Word.Type] = [
      CheckpointRule.name: CheckpointRule.self, EarlyStopRule.name: EarlyStopRule.self,
    ]
    for name in [SettingName.schedule, .checkpoint, .earlyStop] {
      guard let flow = table.given(name)?.flow else { continue }
      var calls: [CallSyntax] = []
      if case .call(let call) = flow.head { calls.append(call) }
      for stage in flow.stages { if case .call(let call) = stage.kind { calls.append(call) } }
      for call in calls {
        guard let word: any Word.Type = name == .schedule ? words.schedules[call.pathText] : rules[call.pathText],
          let argument = lengthArgument(of: call, word), case .number(let number)? = argument.value.expression,
          number.unit == nil, number.doubleValue >= 1, number.doubleValue <= epochs
        else { continue }
        let place = argument.value.span
        func units(_ unit: String) -> String { "\(place.text) \(number.doubleValue == 1 ? unit : unit + "s")" }
        let (inEpochs, inSteps) = (units("epoch"), units("step"))
        warn(
          .unitlessLength,
          "`\(place.text)` is \(inSteps) here: a number without a unit counts steps, and this training counts epochs",
          at: place, frame,
          help: [
            .init("write `\(inEpochs)`", edits: [.init(place, inEpochs)], isSure: false),
            .init("or `\(inSteps)`, if that is meant", edits: [.init(place, inSteps)], isSure: false),
          ])
      }
    }
  }

  /// The argument of a call that is a length of training.
  private func lengthArgument(of call: CallSyntax, _ word: any Word.Type) -> ArgumentSyntax? {
    guard let place = word.schema.firstIndex(where: { $0.kind == .span }) else { return nil }
    let arguments = call.arguments?.arguments ?? []
    if let named = arguments.first(where: { $0.name?.text == word.schema[place].name }) { return named }
    return arguments.indices.contains(place) && arguments[...place].allSatisfy { $0.name == nil }
      ? arguments[place] : nil
  }
}
