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
  private static func model(_ shape: String, _ layers: String) throws -> Model {
    let text = """
      net N {
        input x: f32[\(shape)]
        \(layers)
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
    _ model: Model, _ set: InstructionSet, _ values: ByteValues, asBytes: Bool
  ) throws -> (losses: [Double], storage: PlanTensor.Storage) {
    let examples = try Dataset.random(model.inputs + model.targets, seed: 3, count: 70, byteValues: ["x": values])
    #expect(examples.byteValues == ["x": values])
    var plans = PlanSet(model, unit: set.unit)
    let step = try plans.add(
      .training, batch: 70, examples: ExamplePlacement(byteValues: asBytes ? examples.byteValues : [:]))
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
    let model = try Self.model(
      input.shape,
      """
      a = x\(input.flatten) -> fc1: linear(20) -> relu
          b = x\(input.flatten) -> fc2: linear(3)
      """)
    let storage = PlanTensor.Storage.bytePanels(
      channelsLast: input.shape.hasPrefix("3") || input.shape.hasPrefix("1"))
    try expectSame(model, set, ByteValues(scale: 1 / 255), storage)
  }

  /// Convolutions with and without padding, with statistics and with maxima in their epilogues.
  @Test(
    arguments: [
      ("1, 18, 21", ByteValues(scale: 1 / 255)), ("3, 18, 21", ByteValues(scale: 1 / 255)),
      ("3, 18, 21", ByteValues(scale: [1 / 64, 1 / 32, 1 / 128], shift: [-1.5, -2, -0.75])),
      ("1, 18, 21", ByteValues(scale: [-1 / 64], shift: [1.5])),
      ("2, 18, 21", ByteValues(scale: [1 / 64, 1 / 32], shift: [-1.5, 0])),
      ("4, 18, 21", ByteValues(scale: [1 / 64, 1 / 32, 1 / 128, 0], shift: [-1.5, -2, -0.75, 0.5])),
    ],
    InstructionSet.available)
  func convolutionsTrainAsOnFloats(_ input: (shape: String, values: ByteValues), _ set: InstructionSet) throws {
    let model = try Self.model(
      input.shape,
      """
      a = x -> conv1: conv(20, kernel=5, stride=2, pad=2) -> batch_norm -> relu -> adaptive_avg_pool(1) -> flatten
          b = x -> conv2: conv(16, kernel=3) -> relu -> max_pool(2) -> adaptive_avg_pool(1) -> flatten
      """)
    try expectSame(model, set, input.values, .pictures)
  }

  private func expectSame(
    _ model: Model, _ set: InstructionSet, _ values: ByteValues, _ storage: PlanTensor.Storage
  ) throws {
    let floats = try Self.train(model, set, values, asBytes: false)
    let bytes = try Self.train(model, set, values, asBytes: true)
    #expect(floats.storage == .float32)
    #expect(bytes.storage == storage)
    for (a, b) in zip(floats.losses, bytes.losses) { #expect(abs(a - b) <= 2e-5 * abs(a)) }
    #expect(floats.losses[5] < floats.losses[0])
  }

  /// A layer that does not read bytes keeps the whole input in floats.
  @Test(arguments: [
    (
      "x -> flatten -> fc1: linear(4)", "x -> conv1: conv(4, kernel=3) -> flatten -> fc2: linear(4)",
      "its readers want them in different places"
    ),
    (
      "x -> conv1: conv(4, kernel=3) -> flatten -> fc1: linear(4)", "x -> max_pool(2) -> flatten -> fc2: linear(4)",
      "max_pool2d (line 4) does not read them as bytes"
    ),
    (
      "x -> flatten -> elu -> fc1: linear(4)", "a", "elu (line 3) does not read them as bytes"
    ),
    (
      "x -> conv1: conv(4, kernel=1) -> flatten -> fc1: linear(4)", "a",
      "conv2d (line 3) does not read them as bytes"
    ),
    (
      "x -> conv1: conv(6, kernel=3, groups=3) -> flatten -> fc1: linear(4)", "a",
      "conv2d (line 3) does not read them as bytes"
    ),
    (
      "x -> batch_norm -> conv1: conv(4, kernel=3) -> flatten -> fc1: linear(4)", "a",
      "conv2d (line 3) does not read them as bytes"
    ),
  ]) func othersReadFloats(_ a: String, _ b: String, _ reason: String) throws {
    let text = """
      net N {
        input x: f32[3, 48, 48]
        a = \(a)
        b = \(b)
        output y = a + b
      }
      """
    let compilation = Compilation(SourceFile(path: "n.net", text: text))
    try #require(!compilation.hasErrors, "\(compilation.diagnostics)")
    var plans = PlanSet(try #require(compilation.models.first), unit: .vectors)
    let plan = try plans.add(.inference, batch: 64, examples: ExamplePlacement(byteValues: ["x": ByteValues(scale: 1)]))
    #expect(plans.plans[plan].feeds.allSatisfy { $0.storage == .float32 })
    let remark = try #require(plans.plans[plan].remarks.first)
    #expect(remark.hasPrefix("x: its data are bytes, but are fed as floats: "))
    #expect(remark.hasSuffix(reason))
  }
}
