import Graphs
import KernelContract
import Kernels
import Ops
import Testing
import Transforms

/// Convolutions of which only the maxima of 2x2 windows exist.
@Suite struct MaxPoolInEpilogueTests {
  static let halves = Window2D(kernel: [2, 2], stride: [2, 2])

  /// Two convolutions with their poolings, the first behind a layer whose gradient is wanted; extents are odd in places.
  static let net = StepNet(description: "pooled convolutions", update: .sgd(momentum: 0.9, weightDecay: 0.01)) { net in
    var x = try net.op(ReLU(), try net.convolution(try net.input("x", [4, 3, 23, 22]), 16, kernel: 1, Conv2D()))
    x = try net.op(ReLU(), try net.convolution(x, 32, kernel: 3, Conv2D(padding: Padding2D(1))))
    x = try net.op(MaxPool2D(window: halves), x)
    x = try net.op(MaxPool2D(window: halves), try net.convolution(x, 19, kernel: 3, Conv2D(padding: Padding2D(1))))
    x = try net.op(Reshape(shape: [4, 19 * 25]), try net.op(ReLU(), x))
    return try net.classified(try net.linear(x, 10))
  }

  @Test(arguments: InstructionSet.available)
  func computesWhatTheGraphSays(_ set: InstructionSet) throws {
    let graph = try Self.net.graph()
    let fused = try Pass.pipeline.run(on: graph)
    let names = fused.nodes.compactMap { $0.op?.name }
    #expect(names.count { $0 == "conv2d_max_pool" } == 2)
    #expect(names.count { $0 == "conv2d_max_pool_data_gradient" } == 2)
    #expect(names.count { $0 == "conv2d_max_pool_weight_gradient" } == 2)
    #expect(!names.contains { $0.hasPrefix("max_pool2d") })
    // The convolutions' whole outputs, and their gradients, do not exist.
    #expect(!fused.nodes.contains { $0.type.shape == [4, 32, 23, 22] || $0.type.shape == [4, 19, 11, 11] })
    try StepTests().check(graph, fused: fused, set)
  }

  @Test func passesKeepTheMeaning() throws { try StepTests().passesKeepTheMeaning(Self.net) }

  @Test(arguments: InstructionSet.available) func poolsWithoutPlacesWhereNothingIsTrained(_ set: InstructionSet) throws
  {
    var net = NetBuilder()
    net.builder.output("loss", try Self.net.build(&net))
    let fused = try Pass.pipeline.run(on: net.builder.graph)
    #expect(fused.nodes.compactMap { $0.op as? Conv2DMaxPool }.map(\.recordsPlaces) == [false, false])
    try StepTests().check(net.builder.graph, fused: fused, set)
  }

  enum Obstacle: CaseIterable {
    case none, output, otherReader, precise, strided, overlapping, roundedUp, narrow
  }

  @Test(arguments: Obstacle.allCases) func leavesAloneWhatItCannotDo(_ obstacle: Obstacle) throws {
    let extents = obstacle == .roundedUp ? [31, 31] : [32, 32]
    let net = StepNet(description: "\(obstacle)", update: .sgd()) { net in
      let input = try net.input("x", [8, obstacle == .narrow ? 3 : 16] + extents)
      var convolution = Conv2D(padding: Padding2D(1), isPrecise: obstacle == .precise)
      if obstacle == .strided { convolution.stride = [2, 2] }
      let y = try net.op(ReLU(), try net.convolution(input, 32, kernel: 3, convolution))
      var window = Self.halves
      if obstacle == .overlapping { window.kernel = [3, 3] }
      window.ceil = obstacle == .roundedUp
      if obstacle == .output { net.builder.output("y", y) }
      let pooled = try net.op(SumAll(), try net.op(Square(), try net.op(MaxPool2D(window: window), y)))
      return obstacle == .otherReader ? try net.op(Add(), pooled, try net.op(SumAll(), y)) : pooled
    }
    let names = try Pass.pipeline.run(on: try net.graph()).nodes.compactMap { $0.op?.name }
    #expect(names.contains("conv2d_max_pool") == (obstacle == .none))
    #expect(names.contains("max_pool2d") == (obstacle != .none))
  }
}
