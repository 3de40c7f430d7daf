import Datasets
import Driver
import Execution
import Kernels
import Semantics
import Source
import Testing
import Training

/// Plans of a machine that does not train bring parameters into a better form once, and again when they change.
@Suite struct FixedParameterTests {
  private static let text = """
    net N {
      input image: f32[32, 13, 13]
      output y: f32[5] = image -> conv(48, 3, pad=1) -> relu
        -> conv(48, 3, pad=1) -> relu -> adaptive_avg_pool(1) -> flatten -> linear(5)
    }
    """

  /// A machine with plans for 8 examples and for 6, and the outputs of the first for weights of a seed.
  private struct Inference {
    let machine: Machine
    let plans: PlanSet
    private let sequence: BatchSequence
    private let feeder: BatchFeeder

    init(_ model: Model, parametersAreFixed: Bool) throws {
      let set = try InstructionSet.selected()
      var plans = PlanSet(model, unit: set.unit, parametersAreFixed: parametersAreFixed)
      for batch in [8, 6] { _ = try plans.add(.inference, batch: batch) }
      self.plans = plans
      machine = try Machine(plans: plans.plans, threads: 2, table: set.kernelTable)
      let examples = try Dataset.random(model.inputs, seed: 3, count: 8)
      sequence = try BatchSequence(examples, batch: 8, shuffle: false, keepLast: false, seed: 1)
      feeder = try BatchFeeder(machine, plan: 0, dataset: examples)
    }

    func outputs(seed: UInt64) throws -> [Float] {
      Weights.initialize(machine, plan: 0, variables: plans.variables, seed: seed)
      feeder.feed(sequence, batch: 0)
      machine.run(0)
      return machine.read(try #require(machine.plans[0].outputs.first))
    }
  }

  @Test func answersFollowTheParameters() throws {
    let compilation = Compilation(SourceFile(path: "n.net", text: Self.text))
    try #require(!compilation.hasErrors, "\(compilation.diagnostics)")
    let model = try #require(compilation.models.first)
    let changing = try Inference(model, parametersAreFixed: false)
    let fixed = try Inference(model, parametersAreFixed: true)
    #expect(changing.machine.plans.allSatisfy { $0.preparation.isEmpty })
    #expect(fixed.machine.plans.allSatisfy { $0.preparation.count == 2 && $0.preparedBytes > 0 })
    // Both plans read the same.
    let places = fixed.machine.plans.map { $0.preparation.map { $0.operands } }
    #expect(places[0] == places[1])
    var different: Set<[Float]> = []
    for seed in [1, 2, 1] as [UInt64] {
      let (expected, found) = (try changing.outputs(seed: seed), try fixed.outputs(seed: seed))
      #expect(zip(expected, found).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($0)) })
      different.insert(found)
    }
    #expect(different.count == 2)
  }
}
