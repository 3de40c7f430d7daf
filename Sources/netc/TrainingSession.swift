import Datasets
import Driver
import Execution
import Graphs
import Kernels
import Planning
import Semantics
import Source
import Training
import Vocabulary

/// A run with everything opened and checked, ready for its first step.
struct TrainingSession {
  let file: CheckedFile
  let model: Model
  let settings: TrainSettings
  let instructionSet: InstructionSet
  let machine: Machine
  let style: ProgressStyle
  let trainer: Trainer
  let rates: RateControl
  let earlyStop: EarlyStopControl?
  let training: BatchSequence
  let validation: BatchSequence?
  let weights: Weights
  let variables: [String: Variable]
  let plans: Trainer.Plans
  /// Weights to start from instead of those that the file names.
  private let weightsPath: String?
  /// Rows of the data that were left out.
  let skipped: [DataError]
  /// Whether the run tells where its time went.
  var isProfiled = false

  /// - Parameters:
  ///   - path: weights to start from instead of those that the file names.
  ///   - loadsWeights: false for a run whose state will be read from a checkpoint.
  init(
    _ file: CheckedFile, _ model: Model, weights path: String?, loadsWeights: Bool = true, threads: Int,
    style: ProgressStyle
  ) throws(Failure) {
    guard let settings = model.training else {
      throw Failure(.diagnostics, "\(file.path): \(model.name) has no `train` section")
    }
    self.file = file
    self.model = model
    self.settings = settings
    self.style = style
    let parts = try TrainingSession.open(model, settings, folder: file.folder)
    skipped = parts.training.skipped + (parts.validation?.skipped ?? [])
    if let first = skipped.first {
      Terminal.note(
        "note: \(skipped.count) \(skipped.count == 1 ? "example" : "examples") left out, listed in skipped.txt of the run folder: "
          + "\(first.message)\(skipped.count > 1 ? ", …" : "")\n")
    }
    Terminal.warn(ofWhatIsLostIn: [parts.training, parts.validation].compactMap(\.self))
    let batch: Int
    switch settings.batch {
    case .count(let count): batch = count
    case .all: batch = parts.training.count
    }
    let evaluationBatch = parts.validation.map { min(batch, $0.count) }
    do {
      training = try BatchSequence(
        parts.training, batch: batch, shuffle: true, keepLast: false, seed: settings.seed,
        mixup: settings.data.mixup)
      if let set = parts.validation, let evaluationBatch {
        validation = try BatchSequence(
          set, batch: evaluationBatch, shuffle: false, keepLast: true, seed: settings.seed)
      } else {
        validation = nil
      }
    } catch { throw Failure(error) }
    var preparation = Preparation(file, model, trains: true)
    let examples = ExamplePlacement(areKept: training.isConstant, byteValues: training.byteValues)
    var plans = Trainer.Plans(step: try preparation.add(.training, batch: batch, examples: examples))
    if settings.accumulate > 1 {
      plans.accumulation = try preparation.add(
        .accumulation, batch: batch, examples: ExamplePlacement(byteValues: training.byteValues))
    }
    if let set = parts.validation, let evaluationBatch {
      let bytes = validation?.byteValues ?? [:]
      plans.evaluation = try preparation.add(
        .evaluation, batch: evaluationBatch,
        examples: ExamplePlacement(areKept: validation?.isConstant == true, byteValues: bytes))
      let rest = set.count % evaluationBatch
      if rest > 0 {
        plans.lastEvaluation = try preparation.add(
          .evaluation, batch: rest, examples: ExamplePlacement(byteValues: bytes))
      }
    }
    (machine, instructionSet) = try preparation.machine(threads: threads)
    variables = preparation.variables
    self.plans = plans
    Weights.initialize(machine, plan: plans.step, variables: variables, seed: settings.seed)
    weights = Weights(of: machine, plan: plans.step)
    weightsPath = path
    let length: Trainer.Length =
      switch settings.length {
      case .epochs(let count): .epochs(count)
      case .steps(let count): .steps(count)
      }
    do {
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
    if loadsWeights { try loadWeights(isQuiet: false) }
  }

  /// Takes the weights of a file to start from, where one is named.
  private func loadWeights(isQuiet: Bool) throws(Failure) {
    guard let path = weightsPath ?? settings.weights.map({ InputFile.resolve($0.file, in: file.folder) }) else {
      return
    }
    try FolderListing.refuseFolder(ofWeights: path)
    let new = settings.weights?.new ?? []
    let unused = settings.weights?.unused ?? []
    do throws(DataError) {
      if new.isEmpty {
        try VocabularyMark.check(
          training.dataset.encoders, against: Preprocessing(weights: path).vocabularies,
          origin: training.dataset.origin, weights: path)
      }
      let source = try SafetensorsFile(path)
      let names = source.header.entries.map(\.name)
      for idle in unused where !names.contains(where: { isPath(idle, of: $0) }) {
        throw DataError(.badData, path, "has nothing under `\(idle)`, which `unused` names")
      }
      let count = try weights.load(source) { name in
        new.contains { isPath($0, of: name) }
      } isUnused: { name in
        unused.contains { isPath($0, of: name) }
      }
      if let step = Checkpoint.step(of: source.header), !isQuiet {
        Terminal.note("\(path): a checkpoint: its weights after step \(step) are taken, --resume goes on with a run\n")
      }
      if !new.isEmpty, !isQuiet {
        Terminal.note(
          "\(path): \(count) of \(weights.variables.count) tensors taken, \(new.joined(separator: ", ")) new\n")
      }
    } catch { throw Failure(error) }
  }

  /// Goes back to the state of a checkpoint, or of the beginning of the run; gives the best weights that early stopping keeps.
  @discardableResult
  func restore(_ checkpoint: Checkpoint?) throws(Failure) -> (state: RunState, best: [[Float]]?) {
    guard let checkpoint else {
      Weights.initialize(machine, plan: plans.step, variables: variables, seed: settings.seed)
      rates.plateau = RunState().plateau
      try loadWeights(isQuiet: true)
      return (RunState(), nil)
    }
    guard let state = RunState(checkpoint.memory) else {
      throw Failure(.badData, "the checkpoint of step \(checkpoint.position.step) is damaged")
    }
    rates.plateau = state.plateau
    earlyStop?.state = state.earlyStop
    do { return (state, try checkpoint.restore(machine, weights)) } catch { throw Failure(error) }
  }

  private static func open(
    _ model: Model, _ settings: TrainSettings, folder: String
  ) throws(Failure) -> DataOpening.Parts {
    do {
      return try DataOpening(
        training: settings.data, validation: settings.validation, declarations: model.inputs + model.targets,
        folder: folder, seed: settings.seed, skipsBadRows: settings.skipsBadRows
      ).open()
    } catch { throw Failure(error, ofDataSeenFrom: folder, note: settings.dataPlace) }
  }

  /// What `--dry-run` tells: sizes, the memory and the disk that the run will take, and its time as its first steps have it.
  func rehearsal() throws(Failure) -> String {
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
    lines.append("disk: \(NumberFormat.bytes(diskBytes)) for weights and checkpoints")
    var trainer = trainer
    let (step, validating, loss) = trainer.rehearse()
    lines.append(
      "peak: \(NumberFormat.bytes(SystemDescription.peakBytes)) of memory after these steps, examples and netc itself included"
    )
    let epoch = step * Double(trainer.stepsPerEpoch) + (validating ?? 0)
    let epochs = Double(trainer.totalSteps) / Double(trainer.stepsPerEpoch)
    lines.append(
      "time: about \(NumberFormat.duration(epoch)) an epoch, \(NumberFormat.duration(epoch * epochs)) in all;"
        + " the first loss is \(NumberFormat.short(Double(loss)))")
    guard loss.isFinite else {
      throw Failure(.diagnostics, lines.joined(separator: "\n") + "\nthe loss of the first step is \(loss)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
