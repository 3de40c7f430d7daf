import Datasets
import Execution
import Graphs

/// Measures loss and metrics of a net over a whole set.
package struct SetEvaluation {
  private let machine: Machine
  private let plan: Int
  private let lastPlan: Int
  private let feeder: BatchFeeder
  private let lastFeeder: BatchFeeder
  /// The loss, then the metrics.
  private let measures: [(name: String, summary: MetricSummary)]

  /// - Parameters:
  ///   - plan: a plan for evaluation on full batches.
  ///   - lastPlan: one for the last batch, where that is smaller.
  ///   - metrics: what the plans have besides the loss.
  package init(
    _ machine: Machine, plan: Int, lastPlan: Int?, dataset: Dataset,
    metrics: [(name: String, summary: MetricSummary)]
  ) throws(DataError) {
    self.machine = machine
    self.plan = plan
    self.lastPlan = lastPlan ?? plan
    feeder = try BatchFeeder(machine, plan: plan, dataset: dataset)
    lastFeeder = try BatchFeeder(machine, plan: self.lastPlan, dataset: dataset)
    let weights = MetricSummary.partName("loss", 1)
    let isWeighted = machine.plans[plan].outputs.contains { $0.name == weights }
    measures = [("loss", isWeighted ? .weightedMean : .mean)] + metrics
  }

  /// Loss and metrics over all batches of `sequence`, whose batch is that of the plan; nil when `shouldStop` (asked after each batch) says
  /// so. `report` hears of each batch that is done, from 1.
  package func measure<Failure: Error>(
    _ sequence: borrowing BatchSequence, shouldStop: () -> Bool = { false },
    report: (_ batch: Int) throws(Failure) -> Void
  ) throws(Failure) -> SetReport? {
    var accumulators = measures.map { MetricAccumulator($0.summary) }
    for batch in 0..<sequence.batchesPerEpoch {
      let count = sequence.exampleCount(ofBatch: batch)
      let isPartial = count < sequence.batch
      let index = isPartial ? lastPlan : plan
      (isPartial ? lastFeeder : feeder).feed(sequence, batch: batch)
      machine.run(index)
      let outputs = machine.plans[index].outputs
      for (position, measure) in measures.enumerated() {
        let parts = (0..<measure.summary.partCount).map { part in
          outputs.first { $0.name == MetricSummary.partName(measure.name, part) }.map { machine.read($0) } ?? []
        }
        accumulators[position].add(parts, examples: count)
      }
      try report(batch + 1)
      if shouldStop() && batch + 1 < sequence.batchesPerEpoch { return nil }
    }
    let values = zip(measures, accumulators).compactMap { measure, accumulator in
      accumulator.value.map { (name: measure.name, value: $0) }
    }
    let uncounted = zip(measures, accumulators).filter { $0.summary != .confusion && $1.value == nil }.map(\.0.name)
    return SetReport(
      examples: sequence.dataset.count, loss: values.first { $0.name == "loss" }?.value ?? 0,
      metrics: values.filter { $0.name != "loss" }, confusion: accumulators.lazy.compactMap(\.confusion).first,
      uncounted: uncounted)
  }
}
