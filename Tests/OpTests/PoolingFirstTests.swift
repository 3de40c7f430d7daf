import Graphs
import Kernels
import Ops
import Testing
import Transforms

/// Max pools that come before the batch normalisation that the user wrote before them.
@Suite struct PoolingFirstTests {
  /// A normalisation with gamma of either sign, with or without ReLU, and a max pool with windows that overlap.
  static func net(hasReLU: Bool, _ window: Window2D) -> StepNet {
    StepNet(description: "pooled after a normalisation", update: .sgd(momentum: 0.9)) { net in
      var x = try net.input("x", [3, 3, 13, 12])
      x = try net.normalised(try net.convolution(x, 20, kernel: 3, Conv2D(stride: [1, 2])))
      if hasReLU { x = try net.op(ReLU(), x) }
      x = try net.op(MaxPool2D(window: window), x)
      x = try net.normalised(try net.convolution(x, 20, kernel: 3, Conv2D(padding: Padding2D(1))))
      x = try net.op(AdaptiveAveragePool2D(size: [1, 1]), try net.op(ReLU(), x))
      return try net.classified(try net.linear(try net.op(Reshape(shape: [3, 20]), x), 10))
    }
  }

  static let nets = [
    net(hasReLU: true, Window2D(kernel: [3, 3], stride: [2, 2], padding: [1, 1])),
    net(hasReLU: false, Window2D(kernel: [2, 2], stride: [2, 2])),
  ]

  @Test(arguments: nets, InstructionSet.available)
  func computesWhatTheGraphSays(_ net: StepNet, _ set: InstructionSet) throws {
    let graph = try net.graph()
    let fused = try ConvolutionSumsTests.pipeline.run(on: graph)
    let names = fused.nodes.compactMap { $0.op?.name }
    #expect(names.count { $0 == SignedMaxPool2D.name } == 1)
    #expect(names.count { $0 == PooledBatchNormalizeDataGradient.name } == 1)
    #expect(!names.contains(MaxPool2D.name) && !names.contains(MaxPool2DGradient.name))
    // What is normalised is what the pool chose, and the sums of its gradient come with the convolution behind it.
    #expect(names.count { $0 == Conv2DDataGradientSums.name } == 1)
    try StepTests().check(graph, fused: fused, set)
  }

  @Test(arguments: nets) func passKeepsTheMeaning(_ net: StepNet) throws {
    try StepTests().passesKeepTheMeaning(net, ConvolutionSumsTests.pipeline)
  }

  @Test func leavesAloneWhatOthersRead() throws {
    var net = NetBuilder()
    let x = try net.op(ReLU(), try net.normalised(try net.input("x", [2, 5, 6, 6])))
    net.builder.output("pooled", try net.op(MaxPool2D(window: Window2D(kernel: [2, 2], stride: [2, 2])), x))
    net.builder.output("whole", try net.op(Tanh(), x))
    let names = try Pass.pipeline.run(on: net.builder.graph).nodes.compactMap { $0.op?.name }
    #expect(names.contains(MaxPool2D.name) && !names.contains(SignedMaxPool2D.name))
  }
}
