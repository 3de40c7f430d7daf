import Datasets
import Driver
import Execution
import Graphs
import Kernels
import Semantics
import Source
import Testing
import Training

/// A small net of `Fixtures`, ready to train.
struct FixtureRun {
  static let names = [
    "mlp", "convolutional", "grouped", "residual", "words", "layers", "adagrad", "rmsprop", "clipped", "accumulated",
    "measures",
  ]
  static let folder = String(#filePath.dropLast("/ParityTests.swift".count)) + "/Fixtures"

  struct NoBatch: Error {}

  let machine: Machine
  let weights: Weights
  private var trainer: Trainer

  init(_ name: String, threads: Int, table instructionSet: InstructionSet? = nil) throws {
    let path = Self.folder + "/\(name)"
    let file = SourceFile(path: path + ".net", bytes: try InputFile(path + ".net").bytes())
    let compilation = Compilation(file)
    try #require(!compilation.hasErrors, "\(compilation.diagnostics.map(\.message))")
    let model = try #require(compilation.models.first)
    let settings = try #require(model.training)
    let parts = try DataOpening(
      training: settings.data, declarations: model.inputs + model.targets, folder: Self.folder, seed: settings.seed
    ).open()
    var plans = PlanSet(model)
    guard case .count(let batch) = settings.batch else { throw NoBatch() }
    var trained = Trainer.Plans(step: try plans.add(.training, batch: batch))
    if settings.accumulate > 1 { trained.accumulation = try plans.add(.accumulation, batch: batch) }
    machine = try Machine(
      plans: plans.plans, threads: threads, table: try (instructionSet ?? InstructionSet.selected()).kernelTable)
    Weights.initialize(machine, variables: plans.variables, seed: 1)
    weights = Weights(of: machine)
    try weights.load(try SafetensorsFile(path + ".start.safetensors"))
    let training = try BatchSequence(parts.training, batch: batch, shuffle: true, keepLast: false, seed: 1)
    trainer = try Trainer(
      machine, plans: trained, training: training, validation: nil, length: .steps(10),
      accumulate: settings.accumulate
    ) { settings.schedule.rate(step: $0, base: settings.optimizer.learningRate, stepsPerEpoch: 10, totalSteps: 10) }
  }

  /// Loss and metrics of the initial weights over all examples.
  static func evaluation(of name: String, batch: Int) throws -> SetReport {
    let path = folder + "/\(name)"
    let file = SourceFile(path: path + ".net", bytes: try InputFile(path + ".net").bytes())
    let model = try #require(Compilation(file).models.first)
    let settings = try #require(model.training)
    let parts = try DataOpening(
      training: settings.data, declarations: model.inputs + model.targets, folder: folder, seed: 1
    ).open()
    var set = PlanSet(model)
    var plans = Trainer.Plans(step: try set.add(.training, batch: 8))
    plans.evaluation = try set.add(.evaluation, batch: batch)
    if 80 % batch > 0 { plans.lastEvaluation = try set.add(.evaluation, batch: 80 % batch) }
    let machine = try Machine(plans: set.plans, threads: 2, table: try InstructionSet.selected().kernelTable)
    try Weights(of: machine).load(try SafetensorsFile(path + ".start.safetensors"))
    let trainer = try Trainer(
      machine, plans: plans,
      training: try BatchSequence(parts.training, batch: 8, shuffle: false, keepLast: false, seed: 1),
      validation: try BatchSequence(parts.training, batch: batch, shuffle: false, keepLast: true, seed: 1),
      length: .steps(1),
      metrics: settings.metrics.map { ($0.name, $0.summary) }, learningRate: { _ in 0 })
    return try #require(trainer.evaluate { _ in })
  }

  /// The loss of each step.
  mutating func losses() throws -> [Float] {
    var losses: [Float] = []
    _ = trainer.run {
      false
    } report: { event in
      if case .step(let report) = event { losses.append(report.loss) }
    }
    return losses
  }
}

/// Training as PyTorch does it: see `Fixtures/generate.py`.
@Suite struct ParityTests {
  @Test(arguments: FixtureRun.names, InstructionSet.available.filter { $0.unit == .vectors })
  func tenStepsAgreeWithPyTorch(name: String, instructionSet: InstructionSet) throws {
    var run = try FixtureRun(name, threads: 2, table: instructionSet)
    let expected = try SafetensorsFile(FixtureRun.folder + "/\(name).expected.safetensors")
    let losses = try run.losses()
    let truth = try expected.floats(try #require(expected.entry("losses")))
    #expect(losses.count == truth.count)
    for (step, (ours, theirs)) in zip(losses, truth).enumerated() {
      #expect(abs(ours - theirs) <= 2e-5 * max(1, abs(theirs)), "step \(step + 1): \(ours), expected \(theirs)")
    }
    for variable in run.weights.variables {
      let end = try expected.floats(try #require(expected.entry(variable.name)))
      let difference = zip(run.machine.read(variable), end).map { abs($0 - $1) }.max() ?? 0
      let scale = end.map(abs).max() ?? 0
      #expect(difference <= 1e-4 * max(0.1, scale), "\(variable.name) differs by \(difference) of \(scale)")
    }
  }

  /// The mean over all examples does not depend on how they are cut into batches; 80 = 2 * 32 + 16 = 10 * 8.
  @Test(arguments: ["mlp", "residual"])
  func evaluationCountsEveryExampleOnce(name: String) throws {
    let reports = try [8, 32].map { try FixtureRun.evaluation(of: name, batch: $0) }
    #expect(reports.map(\.examples) == [80, 80])
    #expect(abs(reports[0].loss - reports[1].loss) < 1e-6)
    #expect(zip(reports[0].metrics, reports[1].metrics).allSatisfy { abs($0.value - $1.value) < 1e-6 })
  }

  /// See `Fixtures/generate_measures.py`, which follows the definitions of scikit-learn.
  @Test(arguments: [8, 32])
  func metricsAreThoseOfTheWholeSet(batch: Int) throws {
    let report = try FixtureRun.evaluation(of: "measures", batch: batch)
    let expected = try SafetensorsFile(FixtureRun.folder + "/measures.expected.safetensors")
    #expect(report.metrics.map(\.name) == ["f1", "precision", "recall", "auc", "r2", "accuracy", "mae"])
    for (name, value) in report.metrics {
      let truth = try expected.floats(try #require(expected.entry("metric.\(name)")))[0]
      #expect(abs(value - Double(truth)) < 1e-5, "\(name): \(value), expected \(truth)")
    }
    let table = try expected.floats(try #require(expected.entry("metric.confusion")))
    #expect(try #require(report.confusion).flatMap { $0 } == table.map { Int($0) })
  }

  @Test(arguments: FixtureRun.names)
  func theNumberOfThreadsChangesNoBit(name: String) throws {
    var results: [[[UInt32]]] = []
    for threads in 1...4 {
      var run = try FixtureRun(name, threads: threads)
      let losses = try run.losses()
      let weights = run.weights.variables.map { run.machine.read($0) }
      results.append(([losses] + weights).map { $0.map(\.bitPattern) })
    }
    for result in results.dropFirst() { #expect(result == results[0]) }
  }
}
