import Graphs
import KernelContract
import Kernels
import Ops
import Testing
import Transforms

/// Large scores with their cross-entropy, in blocks of rows.
@Suite struct LossInBlocksTests {
  /// The passes, with blocks for at most so many scores.
  private func pipeline(_ floats: Int) -> [Pass] {
    Pass.pipeline.map { $0.name == "loss-in-blocks" ? .lossInBlocks(floats: floats) : $0 }
  }

  static let nets: [StepNet] = [
    // A shared table, gradients limited by their norm, rows that do not count.
    StepNet(description: "tied", update: .adam(), clipNorm: 0.5) { net in
      let ids = try net.tokens("x", [5, 67])
      let table = try net.parameter("table", [21, 18])
      let x = try net.linear(try net.op(Embedding(), table, ids), 18)
      return try net.op(SoftmaxCrossEntropy(smoothing: 0.1, ignore: 3), try net.op(Linear(), x, table), ids)
    },
    // A bias, a gradient of the loss that is not 1, and the measures beside it.
    StepNet(description: "with a bias", update: .sgd(momentum: 0.9)) { net in
      let ids = try net.tokens("y", [3, 90])
      let logits = try net.linear(try net.op(Tanh(), try net.input("x", [3, 90, 7])), 37)
      net.builder.output("correct", try net.op(CorrectCount(), logits, ids))
      net.builder.output("plain", try net.op(SoftmaxCrossEntropy(), logits, ids))
      let loss = try net.op(SoftmaxCrossEntropy(smoothing: 0.2), logits, ids)
      return try net.op(Scale(factor: 0.3), loss)
    },
  ]

  @Test(arguments: nets, InstructionSet.available)
  func computesWhatTheGraphSays(_ net: StepNet, _ set: InstructionSet) throws {
    let graph = try net.graph()
    let fused = try pipeline(1500).run(on: graph)
    let op = try #require(fused.nodes.compactMap { $0.op as? LinearCrossEntropy }.first)
    #expect(op.blockRows > 64 && op.blockRows < 130)
    #expect(!fused.nodes.contains { $0.op?.name.hasPrefix("softmax_cross_entropy") == true })
    // No value has a score for each row.
    let scores = op.hasBias ? 270 * 37 : 335 * 21
    #expect(!fused.nodes.contains { $0.type.count == scores })
    try StepTests().check(graph, fused: fused, set)
  }

  @Test(arguments: InstructionSet.available) func measuresWithoutGradients(_ set: InstructionSet) throws {
    var net = NetBuilder()
    let loss = try Self.nets[1].build(&net)
    net.builder.output("loss", loss)
    let fused = try pipeline(1500).run(on: net.builder.graph)
    #expect(fused.nodes.compactMap { $0.op as? LinearCrossEntropy }.map(\.hasGradient) == [false])
    try StepTests().check(net.builder.graph, fused: fused, set)
  }

  @Test func leavesAloneWhatOthersRead() throws {
    for output in [true, false] {
      var net = NetBuilder()
      let ids = try net.tokens("y", [3, 90])
      let logits = try net.linear(try net.input("x", [3, 90, 7]), 37)
      if output { net.builder.output("logits", logits) } else { _ = try net.op(CorrectCount(largest: 5), logits, ids) }
      if !output { net.builder.output("close", try net.op(CorrectCount(largest: 5), logits, ids)) }
      net.builder.output("loss", try net.op(SoftmaxCrossEntropy(), logits, ids))
      let fused = try pipeline(1500).run(on: net.builder.graph)
      #expect(!fused.nodes.contains { $0.op is LinearCrossEntropy })
    }
    // Small scores stay as they are.
    #expect(!(try Pass.pipeline.run(on: try Self.nets[0].graph())).nodes.contains { $0.op is LinearCrossEntropy })
  }

  /// The gradients of the definition against central differences of its loss.
  @Test func gradientsMatchDifferences() throws {
    let op = LinearCrossEntropy(
      smoothing: 0.2, ignore: 1, hasBias: true, ofWeight: true, ofBias: true, ofInput: true, blockRows: 2)
    var numbers = Numbers(seed: 4)
    func tensor(_ shape: [Int]) -> HostTensor {
      HostTensor(shape: shape, values: (0..<shape.reduce(1, *)).map { _ in numbers.uniform(-1, 1) })
    }
    let operands = [
      tensor([5, 3]), tensor([4, 3]), tensor([4]), HostTensor(shape: [5], values: [0, 3, 1, 2, 2]),
      HostTensor(shape: [], values: [1]),
    ]
    let result = op.reference(operands).values
    #expect(result.count == 12 + 4 + 15 + 3)
    func loss(_ operand: Int, _ index: Int, _ change: Double) -> Double {
      var changed = operands
      changed[operand].values[index] += change
      let values = op.reference(changed).values
      return values[values.count - 3]
    }
    var start = 0
    for operand in [1, 2, 0] {
      for index in operands[operand].values.indices {
        let slope = (loss(operand, index, 1e-5) - loss(operand, index, -1e-5)) / 2e-5
        #expect(abs(slope - result[start + index]) < 1e-8, "operand \(operand), element \(index)")
      }
      start += operands[operand].count
    }
  }
}
