import Datasets
import Driver
import Execution
import Kernels
import Planning
import Semantics
import Training

/// Steps of a net on random examples of the declared types; of data at most the header of a file is read.
struct RandomSteps {
  let machine: Machine
  let plan: Int
  let instructionSet: InstructionSet
  let batch: Int
  private let sequence: BatchSequence
  private let feeder: BatchFeeder
  private let rate: Double

  init(_ file: CheckedFile, _ model: Model, _ options: PlanOptions, threads: Int) throws(Failure) {
    batch = file.batch(of: model, options)
    let purpose = file.purpose(of: model, options)
    var preparation = Preparation(file, model, trains: purpose == .training)
    let bytes = file.byteValues(of: model)
    plan = try preparation.add(
      purpose, batch: batch, examples: ExamplePlacement(byteValues: bytes))
    (machine, instructionSet) = try preparation.machine(threads: threads)
    Weights.initialize(machine, plan: plan, variables: preparation.variables, seed: model.training?.seed ?? 1)
    do {
      let examples = try Dataset.random(
        model.inputs + model.targets, seed: 1, count: batch, byteValues: bytes)
      sequence = try BatchSequence(examples, batch: batch, shuffle: false, keepLast: false, seed: 1)
      feeder = try BatchFeeder(machine, plan: plan, dataset: examples)
    } catch { throw Failure(error) }
    rate = model.training?.optimizer.learningRate ?? 0
  }

  /// Writes the examples, the same for each step, and the step's number, from 1.
  func feed(_ step: Int) {
    feeder.feed(sequence, batch: 0)
    feeder.feed(learningRate: rate, step: step)
  }
}
