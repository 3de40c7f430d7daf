import Datasets
import Driver
import Execution
import Graphs
import Kernels
import Planning
import Semantics
import Source
import Testing
import Training

/// A set that is one batch and never changes is written to the machine once.
@Suite struct WholeSetTests {
  private struct Opened {
    let model: Model
    let settings: TrainSettings
    let examples: Dataset

    init(_ name: String) throws {
      let path = FixtureRun.folder + "/\(name).net"
      let file = SourceFile(path: path, bytes: try InputFile(path).bytes())
      model = try #require(Compilation(file).models.first)
      settings = try #require(model.training)
      examples = try DataOpening(
        training: settings.data, declarations: model.inputs + model.targets, folder: FixtureRun.folder, seed: 1
      ).open().training
    }

    func machine(_ plans: PlanSet) throws -> Machine {
      try Machine(plans: plans.plans, threads: 2, table: try InstructionSet.selected().kernelTable)
    }
  }

  /// Loss of every step and of the validation behind each, which is a plan of its own in the same memory.
  private func history(of name: String, keepsExamples: Bool) throws -> [Double] {
    let opened = try Opened(name)
    let count = opened.examples.count
    var set = PlanSet(opened.model)
    var plans = Trainer.Plans(
      step: try set.add(.training, batch: count, examples: ExamplePlacement(areKept: keepsExamples)))
    plans.evaluation = try set.add(.evaluation, batch: count, examples: ExamplePlacement(areKept: keepsExamples))
    let machine = try opened.machine(set)
    Weights.initialize(machine, variables: set.variables, seed: 1)
    var trainer = try Trainer(
      machine, plans: plans,
      training: try BatchSequence(opened.examples, batch: count, shuffle: true, keepLast: false, seed: 1),
      validation: try BatchSequence(opened.examples, batch: count, shuffle: false, keepLast: true, seed: 1),
      length: .steps(6), learningRate: { _ in 0.01 })
    var losses: [Double] = []
    _ = trainer.run {
      false
    } report: { event in
      if case .epoch(let report) = event { losses += [report.loss, report.validation?.loss ?? .nan] }
    }
    return losses
  }

  @Test(arguments: ["mlp", "convolutional", "residual", "words", "layers"])
  func keptExamplesTrainAsThoseThatAreWrittenForEachStep(name: String) throws {
    let kept = try history(of: name, keepsExamples: true)
    #expect(kept.count == 12 && kept.allSatisfy(\.isFinite))
    #expect(kept == (try history(of: name, keepsExamples: false)))
    // Six updates of one kind: a set that was lost would not be learnt.
    #expect(kept[11] < kept[1])
  }

  @Test func aConstantSetIsWrittenOnceAndAnotherEachTime() throws {
    let opened = try Opened("mlp")
    let count = opened.examples.count
    func isWrittenTwice(_ batch: Int, keepsExamples: Bool) throws -> Bool {
      var set = PlanSet(opened.model)
      let plan = try set.add(.training, batch: batch, examples: ExamplePlacement(areKept: keepsExamples))
      let machine = try opened.machine(set)
      let input = try #require(machine.plans[plan].feeds.first { $0.role == "input" })
      let feeder = try BatchFeeder(machine, plan: plan, dataset: opened.examples)
      let sequence = try BatchSequence(opened.examples, batch: batch, shuffle: true, keepLast: false, seed: 1)
      feeder.feed(sequence, batch: 0)
      let first = machine.read(input)
      machine.write([Float](repeating: -3, count: first.count), to: input)
      feeder.feed(sequence, batch: 0)
      return machine.read(input) == first
    }
    #expect(try !isWrittenTwice(count, keepsExamples: true))
    #expect(try isWrittenTwice(count, keepsExamples: false))
    #expect(try isWrittenTwice(count / 2, keepsExamples: true))
  }

  /// What a feeder writes in the plan's own order is read back in the declared one.
  @Test(arguments: ["convolutional", "grouped", "residual", "mlp"])
  func examplesArriveAsDeclared(name: String) throws {
    let opened = try Opened(name)
    var set = PlanSet(opened.model)
    let plan = try set.add(.training, batch: 6)
    let machine = try opened.machine(set)
    let sequence = try BatchSequence(opened.examples, batch: 6, shuffle: false, keepLast: false, seed: 1)
    try BatchFeeder(machine, plan: plan, dataset: opened.examples).feed(sequence, batch: 2)
    let file = try SafetensorsFile(FixtureRun.folder + "/\(name).data.safetensors")
    for feed in machine.plans[plan].feeds where feed.role == "input" && feed.storage == .float32 {
      let all = try file.floats(try #require(file.entry(feed.name)))
      let size = feed.count / 6
      #expect(machine.read(feed) == Array(all[(12 * size)..<(18 * size)]), "\(feed.name)")
    }
  }

  @Test func sequencesKnowWhetherTheyChange() throws {
    let examples = try Opened("mlp").examples
    func isConstant(_ batch: Int, shuffle: Bool = true, mixup: Double? = nil) throws -> Bool {
      try BatchSequence(examples, batch: batch, shuffle: shuffle, keepLast: false, seed: 1, mixup: mixup).isConstant
    }
    let count = examples.count
    #expect(try isConstant(count))
    #expect(try !isConstant(count, mixup: 0.2))
    #expect(try !isConstant(count / 2, shuffle: false))
    // One batch an epoch, of other examples in each.
    let random = try Dataset.random(
      examples.tensors.map(\.declaration), seed: 1, count: 9)
    #expect(
      try !BatchSequence(random, batch: 8, shuffle: true, keepLast: false, seed: 1).isConstant)
    #expect(try BatchSequence(random, batch: 9, shuffle: true, keepLast: false, seed: 1).isConstant)
    var whole = try BatchSequence(examples, batch: count, shuffle: true, keepLast: false, seed: 1)
    whole.startEpoch(3)
    #expect(Array(whole.rows(ofBatch: 0)) == examples.rows)
  }
}
