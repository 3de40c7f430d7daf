import Datasets
import Driver
import Execution
import Graphs
import KernelContract
import Kernels
import Planning
import Semantics
import Source
import Testing
import Training

/// Examples that lie in a plan as bytes train a net as the same examples do that lie there as floats.
@Suite struct ByteInputTests {
  /// A net of two layers that read one input, whose shape is given.
  private static func model(_ shape: String, flatten: String) throws -> Model {
    let text = """
      net N {
        input x: f32[\(shape)]
        a = x\(flatten) -> fc1: linear(20) -> relu
        b = x\(flatten) -> fc2: linear(3)
        output y = concat(a, b) -> fc3: linear(1) -> reshape([])
      }
      train N {
        target t: f32
        data = tensors("none.safetensors")
        loss = mse(y, t)
        optimizer = sgd(lr=0.002, momentum=0.9)
        epochs = 1
      }
      """
    let compilation = Compilation(SourceFile(path: "n.net", text: text))
    try #require(!compilation.hasErrors, "\(compilation.diagnostics)")
    return try #require(compilation.models.first)
  }

  /// The losses of six steps over 70 examples, and how the input lay.
  private static func train(
    _ model: Model, _ set: InstructionSet, scales: [String: Float]
  ) throws -> (losses: [Double], storage: PlanTensor.Storage) {
    let scale: [String: Float] = ["x": 1 / 255]
    let examples = try Dataset.random(model.inputs + model.targets, seed: 3, count: 70, byteScales: scale)
    #expect(examples.byteScales == scale)
    var plans = PlanSet(model, unit: set.unit)
    let step = try plans.add(.training, batch: 70, examples: ExamplePlacement(byteScales: scales))
    let machine = try Machine(plans: plans.plans, threads: 2, table: set.kernelTable)
    Weights.initialize(machine, plan: step, variables: plans.variables, seed: 1)
    let sequence = try BatchSequence(examples, batch: 70, shuffle: false, keepLast: false, seed: 1)
    let feeder = try BatchFeeder(machine, plan: step, dataset: examples)
    let plan = machine.plans[step]
    let loss = try #require(plan.outputs.first { $0.name == "loss" })
    var losses: [Double] = []
    for number in 1...6 {
      feeder.feed(sequence, batch: 0)
      feeder.feed(learningRate: 0.002, step: number)
      machine.run(step)
      losses.append(Double(machine.read(loss)[0]))
    }
    return (losses, try #require(plan.feeds.first { $0.name == "x" }).storage)
  }

  @Test(
    arguments: [("3, 40, 41", " -> flatten"), ("1, 70, 70", " -> flatten"), ("64, 70", " -> flatten"), ("5000", "")],
    InstructionSet.available)
  func trainAsFloatsDo(_ input: (shape: String, flatten: String), _ set: InstructionSet) throws {
    let model = try Self.model(input.shape, flatten: input.flatten)
    let floats = try Self.train(model, set, scales: [:])
    let bytes = try Self.train(model, set, scales: ["x": 1 / 255])
    #expect(floats.storage == .float32)
    #expect(bytes.storage == .bytes(channelsLast: input.shape.hasPrefix("3") || input.shape.hasPrefix("1")))
    for (a, b) in zip(floats.losses, bytes.losses) { #expect(abs(a - b) <= 2e-5 * abs(a)) }
    #expect(floats.losses[5] < floats.losses[0])
  }

  /// A layer that does not read bytes keeps the whole input in floats.
  @Test(arguments: InstructionSet.available) func othersReadFloats(_ set: InstructionSet) throws {
    let text = """
      net N {
        input x: f32[3, 48, 48]
        a = x -> flatten -> fc1: linear(4)
        b = x -> conv1: conv(4, kernel=3) -> flatten -> fc2: linear(4)
        output y = a + b
      }
      """
    let compilation = Compilation(SourceFile(path: "n.net", text: text))
    try #require(!compilation.hasErrors, "\(compilation.diagnostics)")
    var plans = PlanSet(try #require(compilation.models.first), unit: set.unit)
    let plan = try plans.add(.inference, batch: 64, examples: ExamplePlacement(byteScales: ["x": 1]))
    #expect(plans.plans[plan].feeds.allSatisfy { $0.storage == .float32 })
  }
}
