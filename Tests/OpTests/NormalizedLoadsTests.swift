import Graphs
import KernelContract
import Kernels
import Ops
import Testing
import Transforms

/// Batch normalisations that convolutions compute as they load what they read.
@Suite struct NormalizedLoadsTests {
  /// The passes, with tensors of any size.
  static let pipeline = Pass.pipeline.map {
    switch $0.name {
    case "normalized-loads": Pass.normalizedLoads(floats: 0)
    case "sums-in-convolutions": Pass.sumsInConvolutions(floats: 0)
    default: $0
    }
  }

  /// A convolution, a normalisation and a convolution, once for each algorithm and kind of padding; with and without ReLU.
  static func net(_ convolution: Conv2D, kernel: Int, rectifies: Bool, outputs: Int = 20) -> StepNet {
    StepNet(
      description: "\(kernel)x\(kernel) \(convolution.padding) \(convolution.groups) \(rectifies)",
      update: .sgd(momentum: 0.9)
    ) { net in
      var x = try net.input("x", [3, 3, 27, 25])
      x = try net.normalised(try net.convolution(x, outputs, kernel: 3, Conv2D(stride: [2, 2])))
      if rectifies { x = try net.op(ReLU(), x) }
      x = try net.op(ReLU(), try net.normalised(try net.convolution(x, outputs, kernel: kernel, convolution)))
      x = try net.op(AdaptiveAveragePool2D(size: [1, 1]), x)
      return try net.classified(try net.linear(try net.op(Reshape(shape: [3, outputs]), x), 10))
    }
  }

  static let nets = [
    net(Conv2D(padding: Padding2D(1)), kernel: 3, rectifies: true),
    net(Conv2D(padding: Padding2D(1)), kernel: 3, rectifies: false),
    net(Conv2D(padding: Padding2D(2)), kernel: 5, rectifies: true),
    net(Conv2D(stride: [2, 2], padding: Padding2D(1)), kernel: 3, rectifies: true),
    net(Conv2D(stride: [2, 2], padding: Padding2D(1)), kernel: 3, rectifies: false),
    net(Conv2D(padding: Padding2D(1, mode: .reflect)), kernel: 3, rectifies: false),
    net(Conv2D(padding: Padding2D(1), groups: 2), kernel: 3, rectifies: true, outputs: 32),
    net(Conv2D(), kernel: 2, rectifies: true, outputs: 7),
  ]

  @Test(arguments: InstructionSet.available, nets) func computesWhatTheGraphSays(
    _ set: InstructionSet, _ net: StepNet
  ) throws {
    let graph = try net.graph()
    let fused = try Self.pipeline.run(on: graph)
    // The last one is normalised for a pool.
    #expect(fused.nodes.count { $0.op is BatchNormalize } == 1)
    try StepTests().check(graph, fused: fused, set)
  }

  @Test(arguments: nets) func passKeepsTheMeaning(_ net: StepNet) throws {
    try StepTests().passesKeepTheMeaning(net, Self.pipeline)
  }

  @Test("every reader of what is normalised does it, mask and gradients of weights too")
  func readers() throws {
    let fused = try Self.pipeline.run(on: try ConvolutionSumsTests.net.graph())
    let forward = fused.nodes.compactMap { $0.op as? Conv2DStatistics }.filter { $0.convolution.normalization != .none }
    let weights = fused.nodes.compactMap { $0.op as? Conv2DWeightGradient }.filter { $0.forward.normalization != .none }
    let masks = fused.nodes.compactMap { $0.op as? Conv2DDataGradientSums }
      .filter { $0.gradient.epilogue.mask == .normalizedValues }
    // The first of each of the two blocks; what joins the residual is read by two.
    #expect([forward.count, weights.count, masks.count] == [2, 2, 2])
    #expect(fused.nodes.count { $0.op is BatchNormalize } == 3)
  }

  @Test func leavesAloneWhatSomethingElseReads() throws {
    let bare = Conv2D(padding: Padding2D(1))
    let readers: [(String, (inout NetBuilder, Value) throws -> Value)] = [
      ("an output", { _, y in y }),
      ("a pool", { net, y in try net.op(MaxPool2D(window: Window2D(kernel: [2, 2], stride: [2, 2])), y) }),
      ("a second convolution", { net, y in try net.convolution(y, 20, kernel: 3, bare) }),
      ("a product", { net, y in try net.convolution(y, 20, kernel: 1, Conv2D()) }),
      ("a filter for each channel", { net, y in try net.convolution(y, 20, kernel: 3, Conv2D(groups: 20)) }),
    ]
    for (name, reader) in readers {
      var net = NetBuilder()
      let x = try net.input("x", [2, 3, 17, 16])
      let y = try net.op(ReLU(), try net.normalised(try net.convolution(x, 20, kernel: 3, bare)))
      net.builder.output("first", try net.convolution(y, 20, kernel: 3, bare))
      net.builder.output("second", try reader(&net, y))
      let fused = try Self.pipeline.run(on: net.builder.graph)
      #expect(fused.nodes.contains { $0.op is BatchNormalize }, "\(name)")
    }
  }

  @Test("small tensors are normalised in a pass of their own") func size() throws {
    for (images, isLoaded) in [(2, false), (70, true)] {
      var net = NetBuilder()
      let x = try net.input("x", [images, 3, 32, 32])
      let y = try net.normalised(try net.convolution(x, 32, kernel: 3, Conv2D(padding: Padding2D(1))))
      net.builder.output("y", try net.convolution(y, 20, kernel: 3, Conv2D(padding: Padding2D(1))))
      let fused = try Pass.pipeline.run(on: net.builder.graph)
      #expect(fused.nodes.contains { $0.op is BatchNormalize } == !isLoaded)
    }
  }

  @Test("what is no number stays none", arguments: InstructionSet.available)
  func nan(_ set: InstructionSet) throws {
    for normalization in [InputNormalization.linear, .rectified] {
      let op = Conv2D(padding: Padding2D(1), normalization: normalization)
      let sample = Sample(op, shapes: [[1, 16, 6, 6], [16, 16, 3, 3], [16], [16]])
      var operands = sample.makeOperands()
      operands[0].values[3 * 36 + 2 * 6 + 2] = .nan
      let run = try KernelRun(sample, placed: sample.types.map { .computed($0) })
      let found = run.run(operands, set, parts: 2).result
      let expected = op.reference(operands).values
      for (a, b) in zip(found, expected) where b.isNaN { #expect(a.isNaN) }
      #expect(expected.contains { $0.isNaN })
    }
  }
}
