import Datasets
import Execution
import Semantics
import Source
import Training
import Vocabulary

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension TrainingSession {
  /// Trains in a new run folder.
  func run(out: String?, command: [String], overrides: [(String, String)], weights: String?) throws(Failure) {
    try RunFolder.checkSpace(for: diskBytes, at: out)
    let record = RunRecord(
      RunRecord.Identity(
        net: model.name, file: file, command: command, overrides: overrides, seed: settings.seed,
        threads: machine.threads, instructionSet: instructionSet.rawValue, parameters: model.parameterCount,
        data: fingerprint, weights: weights))
    // The copy stands in another folder than the file.
    let resolved = file.bundled(
      file.compilation.resolved(model) { RunRecord.absolute(InputFile.resolve($0, in: file.folder)) ?? $0 })
    var files: RunFolder.Files = [
      ("given.net", file.bytes), ("resolved.net", Array(resolved.text.utf8)),
      ("run.json", Array((record.json.text + "\n").utf8)),
      (Preprocessing.fileName, Array((Preprocessing(training.dataset).json.text + "\n").utf8)),
    ]
    files += resolved.files.map { ($0.name, Array($0.text.utf8)) }
    let encoders = training.dataset.encoders
    if !encoders.isEmpty { files.append(("vocabulary.json", Array((JSON.vocabularies(encoders).text + "\n").utf8))) }
    if !skipped.isEmpty { files.append(("skipped.txt", Array(skipped.map { $0.message + "\n" }.joined().utf8))) }
    if let split { files.append(("split.json", Array((split.line + "\n").utf8))) }
    let folder = try RunFolder(out, name: model.name, metricNames: metricNames, files: files)
    var progress = RunProgress(record: record)
    try train(folder, &progress)
  }

  /// Goes on with a run from its latest checkpoint, or from its beginning.
  func resume(_ saved: SavedRun, from checkpoint: Checkpoint?, command: [String]) throws(Failure) {
    guard fingerprint == saved.data else {
      throw Failure(
        .badData, "\(saved.path): the data is not what it was when the run began: \(training.dataset.origin)",
        help: "a run goes on with the same examples only; start a new one with --weights")
    }
    try checkVocabulary(saved)
    if saved.version != Netc.version || saved.instructionSet != instructionSet.rawValue {
      Terminal.note(
        "note: the run began with netc \(saved.version) on \(saved.instructionSet), this is \(Netc.version) on "
          + "\(instructionSet.rawValue): its last digits may differ\n")
    }
    var progress = RunProgress(
      record: RunRecord(
        saved, resumedBy: command, after: checkpoint?.position.step ?? 0, threads: machine.threads))
    progress.isResumed = true
    var sizes: (Int, Int)?
    if let checkpoint {
      (progress.state, progress.best) = try restore(checkpoint)
      progress.position = checkpoint.position
      sizes = (progress.state.stepsSize, progress.state.metricsSize)
    }
    let folder = try RunFolder(resuming: saved.path, lock: saved.lock, metricNames: metricNames, sizes: sizes)
    // They are those of the end, which is ahead again.
    unlink(folder.weights)
    try folder.write(progress.record.json.text + "\n", to: "run.json")
    try train(folder, &progress)
  }

  /// Trains to the end, or until something ends it; the record says which.
  private func train(_ folder: RunFolder, _ progress: inout RunProgress) throws(Failure) {
    let checkpoints = CheckpointFolder(folder.path, keep: settings.checkpoint?.keep)
    checkpoints.removePartialFiles()
    let events = try EventFile(in: folder.path, from: progress.isResumed ? progress.position.step + 1 : nil)
    Interruption.listen()
    var display = Progress(
      style, stepsPerEpoch: trainer.stepsPerEpoch, totalSteps: trainer.totalSteps,
      batch: settings.accumulate * training.batch, from: progress.position)
    let begun = SystemDescription.seconds - progress.state.seconds
    do {
      var trainer = trainer
      if isProfiled {
        trainer.profile = TrainingProfile(machine, plans: [plans.accumulation, plans.step].compactMap(\.self))
      }
      let outcome = try trainer.run(from: progress.position) {
        Interruption.requested != nil || earlyStop?.isExhausted == true
      } report: { event throws(Failure) in
        switch event {
        case .step(let report):
          try folder.steps.append(
            JSON.object([("step", .integer(report.step)), ("loss", .float(report.loss))]).line)
        case .validating: break
        case .epoch(let report):
          try checkValidation(report, folder, progress)
          try observe(report, &progress, checkpoints)
          try folder.append(report)
        case .resumable(let position, let isLast):
          progress.reached = position
          if isDue(position) || Interruption.takeRequestToSave() || (isLast && Interruption.requested != nil) {
            progress.state.seconds = SystemDescription.seconds - begun
            try save(position, &progress, folder, checkpoints)
          }
        }
        try events.append(event)
        display.show(event)
      }
      display.clear()
      progress.record.seconds = SystemDescription.seconds - begun
      progress.record.last = progress.state.last
      if progress.state.stepSeconds > 0 {
        progress.record.waitingShare = progress.state.waitingSeconds / progress.state.stepSeconds
      }
      if let best = progress.best, Interruption.requested == nil {
        weights.restore(best)
        progress.record.restored = progress.state.restored
      }
      let profile = try writeProfile(trainer.profile, folder)
      try finish(outcome, folder, &progress)
      if let profile, style != .none { Terminal.result("\n" + profile) }
    } catch {
      display.clear()
      throw conclude(error, folder, &progress)
    }
  }

  /// Takes notice of an epoch: the rate, early stopping and the best weights may depend on it.
  private func observe(
    _ report: EpochReport, _ progress: inout RunProgress, _ checkpoints: CheckpointFolder
  ) throws(Failure) {
    rates.observe(steps: report.steps, measure: report.measure)
    if earlyStop?.observe(steps: report.steps, measure: report.measure) == true, settings.earlyStop?.restore == true {
      progress.best = weights.snapshot
      progress.state.restored = report
    }
    progress.state.last = report
    progress.state.stepSeconds += report.trainingSeconds
    progress.state.waitingSeconds += report.waitingSeconds
    guard let name = settings.checkpoint?.best, let value = report.measure(name),
      progress.state.best.observe(value, higherIsBetter: settings.higherIsBetter(name))
    else { return }
    try checkpoints.saveBest(
      weights,
      metadata: weightsMetadata.merging([
        "epoch": String(report.epoch), "step": String(report.step), name: value.description,
      ]) { first, _ in first })
  }

  /// Whether `checkpoint` asks for the state at this place.
  private func isDue(_ position: TrainingPosition) -> Bool {
    guard let rule = settings.checkpoint else { return false }
    return position.stepInEpoch == 0
      ? rule.isDue(afterEpochs: position.epoch)
      : rule.isDue(afterStep: position.step, stepsPerEpoch: trainer.stepsPerEpoch)
  }

  /// Writes a checkpoint. What the logs have by then is on the disk before it is.
  private func save(
    _ position: TrainingPosition, _ progress: inout RunProgress, _ folder: RunFolder, _ checkpoints: CheckpointFolder
  ) throws(Failure) {
    try checkWeights(folder, progress)
    progress.state.plateau = rates.plateau
    if let earlyStop { progress.state.earlyStop = earlyStop.state }
    progress.state.stepsSize = try folder.steps.synchronize()
    progress.state.metricsSize = try folder.metrics.synchronize()
    try checkpoints.save(
      machine, position, memory: progress.state.json.line, best: progress.best.map { (weights, $0) },
      metadata: weightsMetadata)
    progress.savedStep = position.step
  }

  private func finish(
    _ outcome: TrainingOutcome, _ folder: RunFolder, _ progress: inout RunProgress
  ) throws(Failure) {
    try folder.steps.flush()
    try folder.metrics.flush()
    switch outcome {
    case .diverged(let position, let loss):
      let before = position.lastLoss.map { "; it was \($0) at step \(position.step)" } ?? ""
      throw diverged("the loss is \(loss) at step \(position.step + 1)\(before)", position, folder, progress)
    case .unreadable(let step, let error):
      throw Failure(
        .badData, "\(error.message), at step \(step); training stopped and no weights were written", help: error.help)
    case .finished, .stopped:
      try checkWeights(folder, progress)
      do {
        try weights.save(to: folder.weights, metadata: weightsMetadata)
      } catch { throw Failure(error) }
    }
    if case .stopped = outcome, let signal = Interruption.requested {
      let status = ExitStatus(rawValue: 128 + signal) ?? .terminated
      progress.record.exitReason = status == .interrupted ? "interrupted" : status == .hungUp ? "hung up" : "terminated"
      progress.record.exitStatus = status
      try folder.write(progress.record.json.text + "\n", to: "run.json")
      Terminal.note(
        "stopped after step \(progress.savedStep ?? 0); the weights are in \(folder.weights)\n"
          + "go on with: netc run --resume \(folder.path)\n")
      throw Failure(status, "")
    }
    progress.record.exitReason = if case .stopped = outcome { RunRecord.stoppedEarly } else { RunRecord.finished }
    try folder.write(progress.record.json.text + "\n", to: "run.json")
    let conclusion = conclusion(progress.record, folder)
    writeReport(folder, conclusion)
    if style != .none { Terminal.result(chart(folder) + conclusion) }
  }

  /// Throws when a weight is infinite or no number: such a state is worth nothing, and must not take the place of a good one.
  private func checkWeights(_ folder: RunFolder, _ progress: RunProgress) throws(Failure) {
    let wrong = weights.variables.first { !machine.read($0).allSatisfy(\.isFinite) }
    guard let wrong else { return }
    throw diverged(
      "\(DataError.quoted(wrong.name)) is not finite after step \(progress.reached.step)", progress.reached, folder,
      progress)
  }

  /// Throws when the validation has a loss that is no number: neither the best weights nor the end of a run can be told by it.
  private func checkValidation(
    _ report: EpochReport, _ folder: RunFolder, _ progress: RunProgress
  ) throws(Failure) {
    guard let loss = report.validation?.loss, !loss.isFinite else { return }
    try checkWeights(folder, progress)
    let search = DivergenceSearch(session: self, secondsPerStep: 0)
    let finding = search.findingInValidation().map { "\n  = first: \($0)" } ?? ""
    throw Failure(
      .diagnostics,
      "the loss of the validation is \(loss) after epoch \(report.epoch); training stopped and no weights were written"
        + finding,
      help:
        "look for extreme values in the validation data, or at layers that do something else there, as batch_norm does")
  }

  /// What is told of numbers that are none: what was found, what was wrong first, and what may help. The variables are lost.
  private func diverged(
    _ what: String, _ position: TrainingPosition, _ folder: RunFolder, _ progress: RunProgress
  ) -> Failure {
    let search = DivergenceSearch(
      session: self,
      secondsPerStep: (SystemDescription.seconds - progress.begun)
        / Double(max(1, position.step - progress.position.step)))
    let checkpoint = CheckpointFolder(folder.path, keep: nil).latest?.checkpoint
    let finding = search.finding(after: position, from: checkpoint).map { "\n  = first: \($0)" } ?? ""
    return Failure(
      .diagnostics, "\(what); training stopped and no weights were written\(finding)",
      help:
        "try a smaller learning rate, `warmup(…)` or `clip_norm=1` in the optimizer, or look for extreme values in the data"
    )
  }

  /// Writes why the run ends, where the disk still takes it; gives what is to be told.
  private func conclude(_ failure: Failure, _ folder: RunFolder, _ progress: inout RunProgress) -> Failure {
    var failure = failure
    // An interruption has already said why.
    if failure.message.isEmpty { return failure }
    if let step = progress.savedStep {
      let advice = "the state after step \(step) is saved: netc run --resume \(folder.path)"
      if failure.status == .inputOutput || failure.status == .cannotCreate { failure.status = .resumable }
      failure.help = failure.help.map { "\($0)\n  = help: \(advice)" } ?? advice
    }
    progress.record.exitReason = failure.message
    progress.record.exitStatus = failure.status
    try? folder.write(progress.record.json.text + "\n", to: "run.json")
    return failure
  }

  /// The last lines of a run: how good the net is, how long it took, where everything is.
  private func conclusion(_ record: RunRecord, _ folder: RunFolder) -> String {
    guard let last = record.last else { return "run folder: \(folder.path)\n" }
    var text = "\(model.name): "
    if let validation = (record.restored ?? last).validation {
      let values = validation.metrics + [("loss", validation.loss)]
      text += values.map { "\($0.0) \(NumberFormat.fixed($0.1, 4))" }.joined(separator: ", ")
      text += " on \(NumberFormat.grouped(validation.examples)) validation examples, after "
    } else {
      text += "loss \(NumberFormat.fixed(last.loss, 4)) after "
    }
    text += "\(last.epoch) \(last.epoch == 1 ? "epoch" : "epochs") in \(NumberFormat.duration(record.seconds))"
    if record.exitReason == RunRecord.stoppedEarly { text += ", stopped early" }
    text += record.restored.map { "; the weights are those of epoch \($0.epoch)\n" } ?? "\n"
    // A net that is tiny copies for longer than it computes: only what costs time is told.
    if let share = record.waitingShare, share >= 0.05, share * record.seconds >= 5 {
      text += "\(NumberFormat.percent(share)) of the time of its steps went by waiting for data\n"
    }
    return text + "run folder: \(folder.path)\n"
  }

  /// The columns of `metrics.csv` that belong to the validation.
  private var metricNames: [String] {
    validation == nil ? [] : ["loss"] + settings.metrics.filter(\.isNumber).map(\.name)
  }

  /// Which examples of the data a `split` has taken for the validation, by their numbers from 0.
  private var split: JSON? {
    guard case .split(let fraction, let isStratified)? = settings.validation?.source, let validation else { return nil }
    let rows = validation.dataset.rows.map { Int($0) }
    let files = rows.compactMap { validation.dataset.path(ofRow: $0) }
    return .object(
      [
        ("source", .string(training.dataset.origin)), ("fraction", .number(fraction)),
        ("stratified", .bool(isStratified)),
        ("seed", .string(String(settings.seed))), ("training", .integer(training.dataset.count)),
        ("validation", .array(rows.map(JSON.integer))),
      ] + (files.isEmpty ? [] : [("files", .array(files.map(JSON.string)))]))
  }

  /// Throws when the vocabulary that the run has kept is not the one of its texts: its weights would be refused with it.
  private func checkVocabulary(_ saved: SavedRun) throws(Failure) {
    let encoders = training.dataset.encoders
    guard !encoders.isEmpty else { return }
    let path = saved.path + "/vocabulary.json"
    let kept: [TokenEncoder]
    do { kept = try TokenEncoder.saved(in: path) } catch { throw Failure(error) }
    guard kept.map(\.fingerprint) == encoders.map(\.fingerprint) else {
      throw Failure(
        .badData, "\(path): is not the vocabulary that the run began with",
        help: "put back the file that the run has written")
    }
  }

  /// The data of the run, as `run.json` keeps it.
  private var fingerprint: String {
    let parts = [training.dataset] + (validation.map { [$0.dataset] } ?? [])
    return parts.map { String($0.fingerprint, radix: 16) }.joined(separator: "-")
  }
}

/// A run on its way.
private struct RunProgress {
  var record: RunRecord
  var isResumed = false
  /// Where it begins, or goes on.
  var position = TrainingPosition()
  var state = RunState()
  /// The weights that early stopping puts back.
  var best: [[Float]]?
  /// The place after the last step.
  var reached = TrainingPosition()
  /// When this process began to train, in seconds.
  let begun = SystemDescription.seconds
  /// The step of the latest checkpoint.
  var savedStep: Int?

  init(record: RunRecord) { self.record = record }
}

extension TrainingSession {
  /// The bytes of the files that the run will leave: weights, checkpoints and the best weights.
  var diskBytes: Int {
    let weightBytes = 4 * weights.variables.reduce(0) { $0 + $1.count }
    guard let rule = settings.checkpoint else { return weightBytes }
    let (count, overflow) = Checkpoint.bytes(of: machine, best: settings.earlyStop?.restore == true ? weights : nil)
      .multipliedReportingOverflow(by: checkpointCount(rule))
    let (sum, tooLarge) = count.addingReportingOverflow(weightBytes * (rule.best == nil ? 1 : 2))
    return overflow || tooLarge ? Int.max : sum
  }

  /// How many checkpoints there are at most at the same time: one more than are kept, while it is written.
  private func checkpointCount(_ rule: CheckpointSettings) -> Int {
    let interval = max(1, rule.every.steps(stepsPerEpoch: trainer.stepsPerEpoch))
    let all = Double(trainer.totalSteps) / interval
    return Int(max(1, min(all, Double((rule.keep ?? Int.max / 2) + 1), 1e9)).rounded(.up))
  }
}
