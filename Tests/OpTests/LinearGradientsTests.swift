import Graphs
import KernelContract
import Kernels
import Ops
import Testing
import Transforms

/// Both gradients of a linear layer with its update.
@Suite struct LinearGradientsTests {
  private func fused(_ graph: Graph, weights: Int = 500) throws -> Graph {
    try Pass.pipeline.map { $0.name == "linear-gradients-together" ? .linearGradientsTogether(weights: weights) : $0 }
      .run(on: graph)
  }

  static let nets: [StepNet] = [
    // Masks of ReLU, a flattened image, and a last layer whose outputs are no whole panels.
    StepNet(description: "images", update: .sgd(momentum: 0.9, weightDecay: 0.01)) { net in
      var x = try net.op(ReLU(), try net.convolution(try net.input("x", [6, 3, 4, 4]), 16, kernel: 3, Conv2D()))
      x = try net.op(ReLU(), try net.linear(try net.op(Reshape(shape: [6, 64]), x), 80))
      return try net.classified(try net.linear(try net.op(ReLU(), try net.linear(x, 32)), 10))
    },
    StepNet(description: "rows of rows", update: .adamW()) { net in
      let x = try net.op(Tanh(), try net.linear(try net.input("x", [2, 3, 7]), 40))
      let y = try net.op(Add(), x, try net.linear(try net.op(Sigmoid(), try net.linear(x, 64)), 40))
      return try net.op(MeanAll(), try net.op(Square(), y))
    },
  ]

  @Test(arguments: nets, InstructionSet.available)
  func computeWhatTheGraphSays(_ net: StepNet, _ set: InstructionSet) throws {
    let graph = try net.graph()
    let fused = try fused(graph)
    #expect(fused.nodes.count { $0.op is LinearGradients } == (net.description == "images" ? 2 : 1))
    try StepTests().check(graph, fused: fused, set)
  }

  @Test(arguments: nets) func keepTheMeaning(_ net: StepNet) throws {
    let graph = try net.graph()
    let (feeds, variables) = (StepTests().makeFeeds(graph)(2), StepTests().makeVariables(graph))
    let before = try graph.evaluate(feeds: feeds, variables: variables)
    let after = try fused(graph).evaluate(feeds: feeds, variables: variables)
    for (name, tensor) in before.variables {
      let found = after.variables[name]?.values ?? []
      #expect(zip(found, tensor.values).allSatisfy { abs($0 - $1) <= 1e-12 * max(1, abs($1)) }, "\(name)")
    }
  }

  @Test func leaveAloneWhatIsNotTheirs() throws {
    // Small weights, as all of these nets have; gradients that are limited first; weights that two layers share.
    #expect(!(try Pass.pipeline.run(on: try Self.nets[0].graph())).nodes.contains { $0.op is LinearGradients })
    let limited = StepNet(description: "limited", update: .sgd(), clipNorm: 0.1, build: Self.nets[0].build)
    #expect(!(try fused(try limited.graph())).nodes.contains { $0.op is LinearGradients })
    let shared = StepNet(description: "shared", update: .sgd()) { net in
      let weight = try net.parameter("w", [32, 32])
      let x = try net.linear(try net.input("x", [4, 5]), 32)
      let y = try net.op(Linear(), try net.op(Tanh(), try net.op(Linear(), x, weight)), weight)
      return try net.op(MeanAll(), try net.op(Square(), y))
    }
    #expect(!(try fused(try shared.graph())).nodes.contains { $0.op is LinearGradients })
    // Many rows.
    let deep = StepNet(description: "deep", update: .sgd()) { net in
      let x = try net.linear(try net.linear(try net.input("x", [33, 40]), 32), 32)
      return try net.op(MeanAll(), try net.op(Square(), x))
    }
    #expect(!(try fused(try deep.graph())).nodes.contains { $0.op is LinearGradients })
  }
}
