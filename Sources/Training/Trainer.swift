import Datasets
import Execution

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs epochs over the plans of a machine: it moves data in and losses out, and decides when to stop. All arithmetic on
/// tensors is in the plans.
package struct Trainer {
  /// Which plan of the machine does what.
  package struct Plans: Sendable {
    /// One update on a full batch.
    package var step: Int
    /// Loss and metrics of a full batch of the validation, and of its last batch when that is smaller.
    package var evaluation: Int?
    package var lastEvaluation: Int?

    package init(step: Int, evaluation: Int? = nil, lastEvaluation: Int? = nil) {
      self.step = step
      self.evaluation = evaluation
      self.lastEvaluation = lastEvaluation
    }
  }

  /// How long to train.
  package enum Length: Sendable {
    case epochs(Int)
    case steps(Int)
  }

  private let machine: Machine
  private let plans: Plans
  private var training: BatchSequence
  private let validation: BatchSequence?
  private let length: Length
  private let learningRate: (Int) -> Double
  private let feeder: BatchFeeder
  private var evaluationFeeders: [BatchFeeder] = []
  private let loss: PlanTensor

  /// - Parameters:
  ///   - training: batches of the size that the step's plan was made for, the last one dropped.
  ///   - validation: batches of the size that the evaluation's plan was made for, the last one kept.
  ///   - learningRate: the rate of a step, from 1.
  package init(
    _ machine: Machine, plans: Plans, training: BatchSequence, validation: BatchSequence?, length: Length,
    learningRate: @escaping (Int) -> Double
  ) throws(DataError) {
    self.machine = machine
    self.plans = plans
    self.training = training
    self.validation = validation
    self.length = length
    self.learningRate = learningRate
    let plan = machine.plans[plans.step]
    guard let loss = plan.outputs.first(where: { $0.name == "loss" }) else {
      preconditionFailure("a plan for training has the output `loss`")
    }
    self.loss = loss
    feeder = try BatchFeeder(machine, plan: plans.step, dataset: training.dataset)
    if let validation {
      for case let index? in [plans.evaluation, plans.lastEvaluation] {
        evaluationFeeders.append(try BatchFeeder(machine, plan: index, dataset: validation.dataset))
      }
    }
  }

  /// Steps in an epoch.
  package var stepsPerEpoch: Int { training.batchesPerEpoch }
  /// Steps in the whole run.
  package var totalSteps: Int {
    switch length {
    case .epochs(let count):
      let (product, overflow) = count.multipliedReportingOverflow(by: stepsPerEpoch)
      return overflow ? Int.max : product
    case .steps(let count): return count
    }
  }

  /// Trains until the end, until `shouldStop` (asked after each step) or until the loss is no longer a number. An error
  /// that `report` throws ends the run and is passed on.
  package mutating func run<Failure: Error>(
    shouldStop: () -> Bool, report: (TrainingEvent) throws(Failure) -> Void
  ) throws(Failure) -> TrainingOutcome {
    let total = totalSteps
    var step = 0
    var epoch = 0
    var lastLoss: Float?
    while step < total {
      training.startEpoch(epoch)
      epoch += 1
      let start = seconds()
      var sum = 0.0
      var steps = 0
      var stopped = false
      for batch in 0..<min(stepsPerEpoch, total - step) {
        step += 1
        let rate = learningRate(step)
        let value = runStep(step, batch: batch, rate: rate)
        guard value.isFinite else { return .diverged(step: step, loss: value, lastLoss: lastLoss) }
        lastLoss = value
        sum += Double(value)
        steps += 1
        try report(
          .step(StepReport(step: step, epoch: epoch, stepInEpoch: batch + 1, loss: value, learningRate: rate)))
        stopped = shouldStop()
        if stopped { break }
      }
      let trained = seconds()
      let evaluation = stopped ? nil : try evaluate(shouldStop: shouldStop, report: report)
      try report(
        .epoch(
          EpochReport(
            epoch: epoch, step: step, loss: sum / Double(max(1, steps)), learningRate: learningRate(step),
            examples: steps * training.batch, trainingSeconds: trained - start,
            validationSeconds: seconds() - trained, validation: evaluation)))
      if step < total, stopped || shouldStop() { return .stopped }
    }
    return .finished
  }

  private func runStep(_ step: Int, batch: Int, rate: Double) -> Float {
    feeder.feed(training, batch: batch)
    feeder.feed(learningRate: rate, step: step)
    machine.run(plans.step)
    return machine.read(loss)[0]
  }

  /// Loss and metrics over the validation; nil without one, or when `shouldStop` (asked after each batch) says so.
  package func evaluate<Failure: Error>(
    shouldStop: () -> Bool = { false }, report: (TrainingEvent) throws(Failure) -> Void
  ) throws(Failure) -> SetReport? {
    guard let validation, let full = plans.evaluation else { return nil }
    var names: [String] = []
    var sums: [Double] = []
    for batch in 0..<validation.batchesPerEpoch {
      let count = validation.exampleCount(ofBatch: batch)
      let isPartial = count < validation.batch
      let index = isPartial ? plans.lastEvaluation ?? full : full
      (isPartial ? evaluationFeeders.last : evaluationFeeders.first)?.feed(validation, batch: batch)
      machine.run(index)
      let scalars = machine.plans[index].outputs.filter { $0.shape.isEmpty }
      if names.isEmpty {
        names = scalars.map(\.name)
        sums = [Double](repeating: 0, count: names.count)
      }
      for (position, scalar) in scalars.enumerated() {
        sums[position] += Double(machine.read(scalar)[0]) * Double(count)
      }
      try report(.validating(batch: batch + 1, of: validation.batchesPerEpoch))
      if shouldStop() && batch + 1 < validation.batchesPerEpoch { return nil }
    }
    let examples = validation.dataset.count
    let means = zip(names, sums).map { (name: $0, value: $1 / Double(max(1, examples))) }
    return SetReport(
      examples: examples, loss: means.first { $0.name == "loss" }?.value ?? 0,
      metrics: means.filter { $0.name != "loss" })
  }

  /// A monotonic clock.
  private func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
