import Datasets
import Driver
import Execution
import Graphs
import Kernels
import Semantics
import Source
import Training
import Vocabulary

/// A run with everything opened and checked, ready for its first step.
struct TrainingSession {
  private let file: CheckedFile
  private let model: Model
  private let settings: TrainSettings
  private let instructionSet: InstructionSet
  private let machine: Machine
  private let style: ProgressStyle
  private var trainer: Trainer
  private let rates: RateControl
  private let earlyStop: EarlyStopControl?
  private let training: BatchSequence
  private let validation: BatchSequence?
  private let weights: Weights
  /// Rows of the data that were left out.
  private let skipped: [DataError]

  init(
    _ file: CheckedFile, _ model: Model, weights path: String?, threads: Int, dryRun: Bool, style: ProgressStyle
  ) throws(Failure) {
    guard let settings = model.training else {
      throw Failure(.diagnostics, "\(file.path): \(model.name) has no `train` section")
    }
    self.file = file
    self.model = model
    self.settings = settings
    self.style = style
    for note in settings.notFollowed { Terminal.note("\(note.place): note: \(note.text)\n") }
    let parts = try TrainingSession.open(model, settings, folder: file.folder)
    skipped = parts.training.skipped + (parts.validation?.skipped ?? [])
    if let first = skipped.first {
      Terminal.note(
        "note: \(skipped.count) \(skipped.count == 1 ? "example" : "examples") left out, listed in skipped.txt of the run folder: "
          + "\(first.message)\(skipped.count > 1 ? ", …" : "")\n")
    }
    let batch: Int
    switch settings.batch {
    case .count(let count): batch = count
    case .all: batch = parts.training.count
    }
    let evaluationBatch = parts.validation.map { min(batch, $0.count) }
    do {
      training = try BatchSequence(
        parts.training, batch: batch, shuffle: true, keepLast: false, seed: settings.seed)
      if let set = parts.validation, let evaluationBatch {
        validation = try BatchSequence(
          set, batch: evaluationBatch, shuffle: false, keepLast: true, seed: settings.seed)
      } else {
        validation = nil
      }
    } catch { throw Failure(error) }
    var preparation = Preparation(file, model)
    var plans = Trainer.Plans(step: try preparation.add(.training, batch: batch))
    if settings.accumulate > 1 { plans.accumulation = try preparation.add(.accumulation, batch: batch) }
    if let set = parts.validation, let evaluationBatch {
      plans.evaluation = try preparation.add(.evaluation, batch: evaluationBatch)
      let rest = set.count % evaluationBatch
      if rest > 0 { plans.lastEvaluation = try preparation.add(.evaluation, batch: rest) }
    }
    (machine, instructionSet) = try preparation.machine(threads: threads)
    Weights.initialize(machine, plan: plans.step, variables: preparation.variables, seed: settings.seed)
    weights = Weights(of: machine, plan: plans.step)
    let length: Trainer.Length =
      switch settings.length {
      case .epochs(let count): .epochs(count)
      case .steps(let count): .steps(count)
      }
    do {
      if let path = path ?? settings.weights.map({ InputFile.resolve($0, in: file.folder) }) {
        try weights.load(try SafetensorsFile(path))
      }
      let stepsPerEpoch = training.batchesPerEpoch / settings.accumulate
      let total =
        switch settings.length {
        case .epochs(let count): count.multipliedReportingOverflow(by: stepsPerEpoch).partialValue
        case .steps(let count): count
        }
      let rates = RateControl(
        settings.schedule, base: settings.optimizer.learningRate, stepsPerEpoch: stepsPerEpoch, totalSteps: total,
        higherIsBetter: settings.higherIsBetter(settings.schedule.plateau?.on ?? "loss"))
      self.rates = rates
      earlyStop = settings.earlyStop.map { EarlyStopControl($0, higherIsBetter: settings.higherIsBetter($0.on)) }
      trainer = try Trainer(
        machine, plans: plans, training: training, validation: validation, length: length,
        metrics: settings.metrics.map { ($0.name, $0.summary) }, accumulate: settings.accumulate
      ) { rates.rate(step: $0) }
    } catch { throw Failure(error) }
  }

  private static func open(
    _ model: Model, _ settings: TrainSettings, folder: String
  ) throws(Failure) -> DataOpening.Parts {
    do {
      return try DataOpening(
        training: settings.data, validation: settings.validation, declarations: model.inputs + model.targets,
        folder: folder, seed: settings.seed, skipsBadRows: settings.skipsBadRows
      ).open()
    } catch { throw Failure(error) }
  }

  /// What `--dry-run` tells.
  var description: String {
    let bytes = Machine.bytes(machine.plans, threads: machine.threads)
    var lines = [
      "\(model.name): \(NumberFormat.grouped(model.parameterCount)) parameters",
      "training: \(NumberFormat.grouped(training.dataset.count)) examples from \(training.dataset.origin),"
        + " batches of \(training.batch)\(settings.accumulate > 1 ? " (\(settings.accumulate) to a step)" : ""), \(trainer.stepsPerEpoch) steps an epoch, \(trainer.totalSteps) in all",
    ]
    if let validation {
      lines.append("validation: \(NumberFormat.grouped(validation.dataset.count)) examples")
    }
    lines.append(
      "memory: \(NumberFormat.bytes(bytes)) of \(NumberFormat.bytes(Memory.available)) available;"
        + " \(machine.threads) threads, \(instructionSet.rawValue)")
    return lines.joined(separator: "\n") + "\n"
  }

  /// Trains, keeping the run folder.
  mutating func run(
    out: String?, command: [String], overrides: [(String, String)], started: Double
  ) throws(Failure) {
    try RunFolder.checkSpace(for: 4 * weights.variables.reduce(0) { $0 + $1.count }, at: out)
    let metrics = validation == nil ? [] : ["loss"] + settings.metrics.filter(\.isNumber).map(\.name)
    let folder = try RunFolder(out, name: model.name, metricNames: metrics)
    var record = RunRecord(
      net: model.name, file: file.path, command: command, overrides: overrides, seed: settings.seed,
      threads: machine.threads, instructionSet: instructionSet.rawValue, parameters: model.parameterCount)
    try folder.write(file.bytes, to: "given.net")
    try folder.write(file.compilation.resolved(model), to: "resolved.net")
    try folder.write(record.json.text + "\n", to: "run.json")
    let encoders = training.dataset.encoders
    if !encoders.isEmpty { try folder.write(JSON.vocabularies(encoders).text + "\n", to: "vocabulary.json") }
    if !skipped.isEmpty { try folder.write(skipped.map { $0.message + "\n" }.joined(), to: "skipped.txt") }
    Interruption.listen()
    var progress = Progress(
      style, stepsPerEpoch: trainer.stepsPerEpoch, totalSteps: trainer.totalSteps,
      batch: settings.accumulate * training.batch)
    let begun = SystemDescription.seconds
    var last: EpochReport?
    var best: (weights: [[Float]], report: EpochReport)?
    do {
      let outcome = try trainer.run {
        Interruption.requested != nil || earlyStop?.isExhausted == true
      } report: { event throws(Failure) in
        switch event {
        case .step(let report):
          try folder.steps.append(
            JSON.object([("step", .integer(report.step)), ("loss", .float(report.loss))]).line)
        case .validating: break
        case .epoch(let report):
          let steps = report.step - (last?.step ?? 0)
          rates.observe(steps: steps, measure: report.measure)
          if earlyStop?.observe(steps: steps, measure: report.measure) == true, settings.earlyStop?.restore == true {
            best = (weights.snapshot, report)
          }
          try folder.append(report)
          last = report
        }
        progress.show(event)
      }
      progress.clear()
      record.seconds = SystemDescription.seconds - begun
      record.last = last
      if let best, Interruption.requested == nil {
        weights.restore(best.weights)
        record.restored = best.report
      }
      try finish(outcome, folder, &record)
    } catch {
      progress.clear()
      // An interruption has already said why.
      if !error.message.isEmpty { record.exitReason = error.message }
      record.exitStatus = error.status
      try? folder.write(record.json.text + "\n", to: "run.json")
      throw error
    }
  }

  private func finish(_ outcome: TrainingOutcome, _ folder: RunFolder, _ record: inout RunRecord) throws(Failure) {
    try folder.steps.flush()
    try folder.metrics.flush()
    switch outcome {
    case .diverged(let step, let loss, let lastLoss):
      let before = lastLoss.map { "; it was \($0) at step \(step - 1)" } ?? ""
      throw Failure(
        .diagnostics, "the loss is \(loss) at step \(step)\(before); training stopped and no weights were written",
        help: "try a smaller learning rate (--set 'optimizer=…'), or look for extreme values in the data")
    case .unreadable(let step, let error):
      throw Failure(
        .badData, "\(error.message), at step \(step); training stopped and no weights were written", help: error.help)
    case .finished, .stopped:
      do {
        try weights.save(to: folder.weights, metadata: ["format": "pt", "net": model.name])
      } catch { throw Failure(error) }
    }
    if case .stopped = outcome, Interruption.requested != nil {
      let status: ExitStatus = Interruption.requested == 15 ? .terminated : .interrupted
      record.exitReason = status == .terminated ? "terminated" : "interrupted"
      record.exitStatus = status
      try folder.write(record.json.text + "\n", to: "run.json")
      Terminal.note("stopped after step \(record.last?.step ?? 0); the weights are in \(folder.weights)\n")
      throw Failure(status, "")
    }
    record.exitReason = if case .stopped = outcome { "stopped early" } else { "finished" }
    try folder.write(record.json.text + "\n", to: "run.json")
    if style != .none { Terminal.result(conclusion(record, folder)) }
  }

  /// The last lines of a run: how good the net is, how long it took, where everything is.
  private func conclusion(_ record: RunRecord, _ folder: RunFolder) -> String {
    guard let last = record.last else { return "" }
    var text = "\(model.name): "
    if let validation = (record.restored ?? last).validation {
      let values = validation.metrics + [("loss", validation.loss)]
      text += values.map { "\($0.0) \(NumberFormat.fixed($0.1, 4))" }.joined(separator: ", ")
      text += " on \(NumberFormat.grouped(validation.examples)) validation examples, after "
    } else {
      text += "loss \(NumberFormat.fixed(last.loss, 4)) after "
    }
    text += "\(last.epoch) \(last.epoch == 1 ? "epoch" : "epochs") in \(NumberFormat.duration(record.seconds))"
    if record.exitReason == "stopped early" { text += ", stopped early" }
    text += record.restored.map { "; the weights are those of epoch \($0.epoch)\n" } ?? "\n"
    return text + "run folder: \(folder.path)\n"
  }
}
