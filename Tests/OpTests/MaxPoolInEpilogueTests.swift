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

  /// The same where no Winograd algorithm computes the first convolutions: few channels, strides, precise sums; extents are odd in places.
  static let directNet = StepNet(description: "pooled direct convolutions", update: .sgd(momentum: 0.9)) { net in
    var x = try net.convolution(
      try net.input("x", [3, 3, 51, 45]), 19, kernel: 7, Conv2D(stride: [2, 1], padding: Padding2D(3)))
    x = try net.op(ReLU(), try net.op(MaxPool2D(window: halves), x))
    x = try net.op(ReLU(), try net.convolution(x, 24, kernel: 3, Conv2D(padding: Padding2D(1), isPrecise: true)))
    x = try net.op(MaxPool2D(window: halves), x)
    x = try net.op(MaxPool2D(window: halves), try net.convolution(x, 32, kernel: 3, Conv2D(padding: Padding2D(1))))
    x = try net.op(Reshape(shape: [3, 32 * 3 * 5]), try net.op(ReLU(), x))
    return try net.classified(try net.linear(x, 10))
  }

  @Test(arguments: InstructionSet.available)
  func computesWhatTheGraphSaysWithDirectConvolutions(_ set: InstructionSet) throws {
    let graph = try Self.directNet.graph()
    let fused = try Pass.pipeline.run(on: graph)
    let names = fused.nodes.compactMap { $0.op?.name }
    #expect(names.count { $0 == "conv2d_max_pool" } == 3)
    #expect(names.count { $0 == "conv2d_max_pool_data_gradient" } == 2)
    #expect(names.count { $0 == "conv2d_max_pool_weight_gradient" } == 3)
    #expect(!names.contains { $0.hasPrefix("max_pool2d") })
    let forward = fused.nodes.compactMap { $0.op as? Conv2DMaxPool }.map(\.transform)
    #expect(forward.prefix(2) == [nil, nil])
    #expect(fused.nodes.compactMap { $0.op as? Conv2DMaxPoolDataGradient }.contains { $0.transform == nil })
    try StepTests().check(graph, fused: fused, set)
  }

  @Test func passesKeepTheMeaningOfDirectConvolutions() throws {
    try StepTests().passesKeepTheMeaning(Self.directNet)
  }

  /// Each pass by the algorithm that is chosen for it alone.
  @Test(arguments: InstructionSet.available, [WinogradTransform?.none, .f4x3])
  func mixesAlgorithms(_ set: InstructionSet, _ forward: WinogradTransform?) throws {
    let graph = try Self.net.graph()
    var fused = try Pass.pipeline.run(on: graph)
    for node in fused.nodes.indices {
      if var op = fused.nodes[node].op as? Conv2DMaxPool {
        op.transform = forward
        fused.nodes[node].kind = .op(op)
      } else if var op = fused.nodes[node].op as? Conv2DMaxPoolDataGradient {
        op.transform = forward == nil ? .f4x3 : nil
        fused.nodes[node].kind = .op(op)
      } else if var op = fused.nodes[node].op as? Conv2DMaxPoolWeightGradient {
        op.transform = forward == nil ? .f4x3 : nil
        fused.nodes[node].kind = .op(op)
      }
    }
    try StepTests().check(graph, fused: fused, set)
  }

  /// Small whole numbers, so that many sums are equal, and some that are no numbers.
  @Test(arguments: InstructionSet.available, [false, true])
  func findsTheFirstOfEqualSums(_ set: InstructionSet, _ hasNotANumber: Bool) throws {
    let convolution = Conv2D(padding: Padding2D(1), epilogue: Epilogue(bias: true, activation: .relu))
    let op = Conv2DMaxPool(forward: convolution, transform: nil, recordsPlaces: true)
    let shapes = [[2, 1, 9, 14], [18, 1, 3, 3], [18]]
    let sample = Sample(op, shapes.map { (TensorType(.float32, $0), .integers(2)) })
    var tensors = sample.makeOperands()
    if hasNotANumber { for place in [0, 40, 41, 200] { tensors[0].values[place] = .nan } }
    let run = try KernelRun(sample, placed: sample.types.map { .given($0) })
    let found = run.run(tensors, set, parts: 2).result
    let expected = op.reference(tensors).values.map { Float($0) }
    #expect(zip(found, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
    #expect(expected.contains { $0.isNaN } == hasNotANumber)
    let places = expected.suffix(expected.count / 2)
    #expect((0..<4).allSatisfy { place in places.contains { $0 == Float(place) } })
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
    case none, precise, strided, narrow
    case output, otherReader, overlapping, roundedUp, singlePixels, depthwise, partialPanels, mirrored

    /// Whether it keeps a Winograd algorithm from computing the convolution, but not the direct one.
    var isNone: Bool { [.none, .precise, .strided, .narrow].contains(self) }
  }

  @Test(arguments: Obstacle.allCases) func leavesAloneWhatItCannotDo(_ obstacle: Obstacle) throws {
    let extents = obstacle == .roundedUp ? [31, 31] : [32, 32]
    let net = StepNet(description: "\(obstacle)", update: .sgd()) { net in
      var x = try net.input("x", [8, obstacle == .narrow ? 3 : 16] + extents)
      // Somebody wants the gradient of the data.
      if obstacle != .narrow { x = try net.op(ReLU(), try net.convolution(x, 16, kernel: 1, Conv2D())) }
      var convolution = Conv2D(padding: Padding2D(1), isPrecise: obstacle == .precise)
      if obstacle == .strided { convolution.stride = [2, 2] }
      if obstacle == .singlePixels { convolution.padding = Padding2D(0) }
      if obstacle == .depthwise { convolution.groups = 16 }
      if obstacle == .partialPanels { convolution.groups = 4 }
      if obstacle == .mirrored { convolution.padding.mode = .reflect }
      let y = try net.op(
        ReLU(), try net.convolution(x, 32, kernel: obstacle == .singlePixels ? 1 : 3, convolution))
      var window = Self.halves
      if obstacle == .overlapping { window.kernel = [3, 3] }
      window.ceil = obstacle == .roundedUp
      if obstacle == .output { net.builder.output("y", y) }
      let pooled = try net.op(SumAll(), try net.op(Square(), try net.op(MaxPool2D(window: window), y)))
      return obstacle == .otherReader ? try net.op(Add(), pooled, try net.op(SumAll(), y)) : pooled
    }
    let names = try Pass.pipeline.run(on: try net.graph()).nodes.compactMap { $0.op?.name }
    #expect(names.contains("conv2d_max_pool") == obstacle.isNone)
    #expect(names.contains("max_pool2d") == !obstacle.isNone)
  }
}
