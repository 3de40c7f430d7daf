import Datasets
import Execution

/// Lets a net say its outputs for the examples of a set.
package struct Predictor {
  private let machine: Machine
  private let plan: Int
  private let lastPlan: Int
  private let feeder: BatchFeeder
  private let lastFeeder: BatchFeeder

  /// - Parameters:
  ///   - plan: a plan for inference on full batches.
  ///   - lastPlan: one for the last batch, where that is smaller.
  ///   - dataset: has the net's inputs; targets are not read.
  package init(_ machine: Machine, plan: Int, lastPlan: Int?, dataset: Dataset) throws(DataError) {
    self.machine = machine
    self.plan = plan
    self.lastPlan = lastPlan ?? plan
    feeder = try BatchFeeder(machine, plan: plan, dataset: dataset, inputsOnly: true)
    lastFeeder = try BatchFeeder(machine, plan: self.lastPlan, dataset: dataset, inputsOnly: true)
  }

  /// Calls `body` for each batch of `sequence`, whose batch is that of the plan, with its rows of the dataset and the numbers of the outputs
  /// `names`, each row-major, an index as the bits of its `Int32`; throws what made a file unreadable meanwhile.
  package func run(
    _ sequence: borrowing BatchSequence, outputs names: [String],
    _ body: (_ rows: ArraySlice<Int32>, _ numbers: [[Float]]) -> Void
  ) throws(DataError) {
    for batch in 0..<sequence.batchesPerEpoch {
      let rows = sequence.rows(ofBatch: batch)
      let isPartial = rows.count < sequence.batch
      let index = isPartial ? lastPlan : plan
      (isPartial ? lastFeeder : feeder).feed(sequence, batch: batch)
      machine.run(index)
      if let failure = sequence.failure { throw failure }
      let outputs = machine.plans[index].outputs
      body(rows, names.map { name in outputs.first { $0.name == name }.map { machine.read($0) } ?? [] })
    }
  }
}
