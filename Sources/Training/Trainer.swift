import Datasets
import Execution
import Graphs

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
    /// One update on a full batch, or the last batch of one.
    package var step: Int
    /// A batch before the last one of an update.
    package var accumulation: Int?
    /// Loss and metrics of a full batch of the validation, and of its last batch when that is smaller.
    package var evaluation: Int?
    package var lastEvaluation: Int?

    package init(step: Int, accumulation: Int? = nil, evaluation: Int? = nil, lastEvaluation: Int? = nil) {
      self.step = step
      self.accumulation = accumulation
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
  /// How many batches make one update.
  private let accumulate: Int
  /// The plan of each batch of an update, in order, with its loss.
  private var parts: [(plan: Int, feeder: BatchFeeder, loss: PlanTensor)] = []
  private var evaluation: SetEvaluation?
  /// Takes the times of the training steps where it is set.
  package var profile: TrainingProfile?
  /// Seconds that the steps of this epoch have waited for their batches.
  private var waited = 0.0

  /// - Parameters:
  ///   - training: batches of the size that the step's plan was made for, the last one dropped.
  ///   - validation: batches of the size that the evaluation's plan was made for, the last one kept.
  ///   - metrics: what an evaluation's plan has besides the loss.
  ///   - accumulate: how many batches make one update; with more than one there must be a plan for it.
  ///   - learningRate: the rate of a step, from 1.
  package init(
    _ machine: Machine, plans: Plans, training: BatchSequence, validation: BatchSequence?, length: Length,
    metrics: [(name: String, summary: MetricSummary)] = [], accumulate: Int = 1,
    learningRate: @escaping (Int) -> Double
  ) throws(DataError) {
    self.machine = machine
    self.plans = plans
    self.training = training
    self.validation = validation
    self.length = length
    self.learningRate = learningRate
    self.accumulate = accumulate
    guard accumulate <= training.batchesPerEpoch else {
      throw DataError(
        .description, nil,
        "`accumulate` is \(accumulate), but an epoch has only \(training.batchesPerEpoch) \(training.batchesPerEpoch == 1 ? "batch" : "batches") of \(training.batch)",
        help: "use a smaller batch, or accumulate fewer")
    }
    let accumulations = [Int?](repeating: plans.accumulation, count: accumulate - 1).compactMap { $0 }
    for plan in accumulations + [plans.step] {
      guard let loss = machine.plans[plan].outputs.first(where: { $0.name == "loss" }) else {
        preconditionFailure("a plan for training has the output `loss`")
      }
      parts.append((plan, try BatchFeeder(machine, plan: plan, dataset: training.dataset), loss))
    }
    if let validation, let full = plans.evaluation {
      evaluation = try SetEvaluation(
        machine, plan: full, lastPlan: plans.lastEvaluation, dataset: validation.dataset, metrics: metrics)
    }
  }

  /// Steps in an epoch; batches that are too few for a further update are dropped.
  package var stepsPerEpoch: Int { training.batchesPerEpoch / accumulate }
  /// Steps in the whole run.
  package var totalSteps: Int {
    switch length {
    case .epochs(let count):
      let (product, overflow) = count.multipliedReportingOverflow(by: stepsPerEpoch)
      return overflow ? Int.max : product
    case .steps(let count): return count
    }
  }

  /// Trains from `start` until the end, until `shouldStop` (asked after each step) or until the loss is no longer a number. An error
  /// that `report` throws ends the run and is passed on. A run that goes on from a position, with the variables of then, does the same
  /// as one that was never interrupted.
  package mutating func run<Failure: Error>(
    from start: TrainingPosition = TrainingPosition(), shouldStop: () -> Bool,
    report: (TrainingEvent) throws(Failure) -> Void
  ) throws(Failure) -> TrainingOutcome {
    let total = totalSteps
    var position = start
    while position.step < total || position.stepInEpoch > 0 {
      if position.stepInEpoch == 0, position.step > 0, shouldStop() {
        try report(.resumable(position, isLast: true))
        return .stopped
      }
      let begun = seconds()
      let stepsBefore = position.stepInEpoch
      waited = 0
      let last = min(stepsPerEpoch, total - (position.step - position.stepInEpoch))
      training.startEpoch(position.epoch)
      var stopped = false
      while position.stepInEpoch < last, !stopped {
        let step = position.step + 1
        let rate = learningRate(step)
        profile?.begin()
        let value = runStep(step, index: position.stepInEpoch, rate: rate)
        if let error = training.failure { return .unreadable(step: step, error) }
        guard value.isFinite else { return .diverged(at: position, loss: value) }
        position.step = step
        position.stepInEpoch += 1
        position.lossSum += Double(value)
        position.lastLoss = value
        try report(
          .step(
            StepReport(
              step: step, epoch: position.epoch + 1, stepInEpoch: position.stepInEpoch, loss: value,
              learningRate: rate)))
        stopped = shouldStop()
        try report(.resumable(position, isLast: stopped))
        profile?.end()
      }
      let trained = seconds()
      let evaluation = stopped ? nil : try evaluate(shouldStop: shouldStop, report: report)
      if let error = validation?.failure { return .unreadable(step: position.step, error) }
      if !stopped, evaluation == nil, validation != nil {
        stopped = true
        try report(.resumable(position, isLast: true))
      }
      try report(
        .epoch(
          EpochReport(
            epoch: position.epoch + 1, step: position.step, steps: position.stepInEpoch,
            loss: position.lossSum / Double(max(1, position.stepInEpoch)), learningRate: learningRate(position.step),
            examples: (position.stepInEpoch - stepsBefore) * accumulate * training.batch,
            trainingSeconds: trained - begun, validationSeconds: seconds() - trained, waitingSeconds: waited,
            validation: evaluation)))
      if stopped { return .stopped }
      position.epoch += 1
      position.stepInEpoch = 0
      position.lossSum = 0
      try report(.resumable(position, isLast: false))
    }
    return .finished
  }

  /// The batches of the epoch that step number `step` of the run takes, the one at `index` of its epoch, and the number by which dropout
  /// draws for each: the batches before the last count downwards from -1, so that it draws anew for each.
  package func batches(ofStep step: Int, index: Int) -> [(batch: Int, number: Int)] {
    (0..<accumulate).map { position in
      (
        index * accumulate + position,
        position + 1 == accumulate ? step : -((step - 1) * (accumulate - 1) + position + 1)
      )
    }
  }

  /// What a run would take: seconds for a step and, where there is a validation, for all of it; and the loss of the first step. The
  /// variables change.
  package mutating func rehearse() -> (step: Double, validation: Double?, loss: Float) {
    training.startEpoch(0)
    var fastest = Double.infinity
    var loss: Float = 0
    let begun = seconds()
    // The first step fills caches and wakes the threads.
    for step in 1...max(1, min(4, stepsPerEpoch)) {
      let start = seconds()
      let value = runStep(step, index: step - 1, rate: learningRate(step))
      fastest = min(fastest, seconds() - start)
      if step == 1 { loss = value }
      if seconds() - begun > 5 { break }
    }
    guard let validation else { return (fastest, nil, loss) }
    let start = seconds()
    // Stops after the first batch.
    _ = evaluate(shouldStop: { true }, report: { _ in })
    return (fastest, (seconds() - start) * Double(validation.batchesPerEpoch), loss)
  }

  /// Step number `index` of an epoch; gives the mean loss of its batches.
  private mutating func runStep(_ step: Int, index: Int, rate: Double) -> Float {
    var sum: Float = 0
    for (part, (batch, number)) in zip(parts, batches(ofStep: step, index: index)) {
      let begun = seconds()
      if let profile {
        profile.feeding { part.feeder.feed(training, batch: batch) }
      } else {
        part.feeder.feed(training, batch: batch)
      }
      waited += seconds() - begun
      part.feeder.feed(learningRate: rate, step: number)
      if let profile {
        profile.run(part.plan)
      } else {
        machine.run(part.plan)
      }
      sum += machine.read(part.loss)[0]
    }
    return parts.count == 1 ? sum : sum / Float(parts.count)
  }

  /// Loss and metrics over the validation; nil without one, or when `shouldStop` (asked after each batch) says so.
  package func evaluate<Failure: Error>(
    shouldStop: () -> Bool = { false }, report: (TrainingEvent) throws(Failure) -> Void
  ) throws(Failure) -> SetReport? {
    guard let validation, let evaluation else { return nil }
    return try evaluation.measure(validation, shouldStop: shouldStop) { batch throws(Failure) in
      try report(.validating(batch: batch, of: validation.batchesPerEpoch))
    }
  }

  /// A monotonic clock.
  private func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
