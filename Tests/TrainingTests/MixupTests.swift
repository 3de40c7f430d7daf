import Driver
import Execution
import Graphs
import Kernels
import Semantics
import Source
import Testing
import Training

/// The loss of mixed examples is that of both targets, each in its share.
@Suite struct MixupTests {
  private static func text(_ transform: String) -> String {
    """
    net N {
      input x: f32[5]
      output y = x -> fc: linear(3)
      output z: f32 = x -> linear(1) -> reshape([])
    }
    train N {
      target c: index(3)
      target b: bool
      data = tensors("none.safetensors")\(transform)
      loss = cross_entropy(y, c, smoothing=0.1) + 0.5 * binary_cross_entropy(z, b)
      optimizer = sgd(lr=0)
      epochs = 1
    }
    """
  }

  /// Trains a step with a rate of 0 on the given feeds; gives the loss.
  private static func loss(_ transform: String, _ feeds: [String: [Float]]) throws -> Float {
    let compilation = Compilation(SourceFile(path: "n.net", text: text(transform)))
    try #require(!compilation.hasErrors, "\(compilation.diagnostics)")
    let model = try #require(compilation.models.first)
    var set = PlanSet(model)
    let plan = try set.add(.training, batch: 4)
    let machine = try Machine(plans: set.plans, threads: 1, table: try InstructionSet.selected().kernelTable)
    Weights.initialize(machine, plan: plan, variables: set.variables, seed: 1)
    for feed in machine.plans[plan].feeds {
      let values = feeds["\(feed.role) \(feed.name)"] ?? [Float](repeating: 0, count: feed.count)
      if feed.storage == .int32 {
        machine.write(values.map { Int32($0) }, to: feed)
      } else {
        machine.write(values, to: feed)
      }
    }
    machine.run(plan)
    let output = try #require(machine.plans[plan].outputs.first { $0.name == "loss" })
    return machine.read(output)[0]
  }

  @Test(arguments: [Float(0), 0.25, 1]) func theLossIsThatOfBothTargets(share: Float) throws {
    let inputs: [Float] = (0..<20).map { Float($0 % 7) / 3 - 1 }
    let own: (c: [Float], b: [Float]) = ([0, 1, 2, 1], [1, 0, 0, 1])
    let other: (c: [Float], b: [Float]) = ([2, 2, 0, 1], [0, 0, 1, 1])
    let first = try Self.loss("", ["input x": inputs, "target c": own.c, "target b": own.b])
    let second = try Self.loss("", ["input x": inputs, "target c": other.c, "target b": other.b])
    try #require(abs(first - second) > 0.01)
    let mixed = try Self.loss(
      " -> mixup(0.4)",
      [
        "input x": inputs, "target c": own.c, "target b": own.b, "mixedTarget c.mixed": other.c,
        "mixedTarget b.mixed": other.b,
        "mixingShare mixing_share": [share],
      ])
    #expect(abs(mixed - (share * first + (1 - share) * second)) <= 1e-6 * abs(mixed))
  }
}
