import Graphs
import KernelContract
import Kernels
import Ops
import Testing
import Transforms

/// Sums of a batch normalisation that convolutions take of their results.
@Suite struct ConvolutionSumsTests {
  /// The passes, with sums of gradients of any size.
  static let pipeline = Pass.pipeline.map { $0.name == "sums-in-convolutions" ? .sumsInConvolutions(floats: 0) : $0 }

  /// Blocks as a residual network has them; the first convolution is strided, the others are large enough for Winograd's algorithms.
  static let net = StepNet(description: "residual blocks", update: .sgd(momentum: 0.9)) { net in
    var x = try net.input("x", [3, 3, 25, 23])
    let bare = Conv2D(padding: Padding2D(1))
    x = try net.op(ReLU(), try net.normalised(try net.convolution(x, 20, kernel: 3, Conv2D(stride: [2, 2]))))
    for _ in 0..<2 {
      var y = try net.op(ReLU(), try net.normalised(try net.convolution(x, 20, kernel: 3, bare)))
      y = try net.normalised(try net.convolution(y, 20, kernel: 3, bare))
      x = try net.op(ReLU(), try net.op(Add(), x, y))
    }
    x = try net.op(AdaptiveAveragePool2D(size: [1, 1]), x)
    return try net.classified(try net.linear(try net.op(Reshape(shape: [3, 20]), x), 10))
  }

  @Test(arguments: InstructionSet.available) func computesWhatTheGraphSays(_ set: InstructionSet) throws {
    let graph = try Self.net.graph()
    let fused = try Self.pipeline.run(on: graph)
    let names = fused.nodes.compactMap { $0.op?.name }
    #expect(names.count { $0 == Conv2DStatistics.name } == 5)
    #expect(!names.contains(BatchStatistics.name))
    // What the last block gets its gradient from is no convolution.
    #expect(names.count { $0 == Conv2DDataGradientSums.name } == 4)
    #expect(names.count { $0 == BatchNormalizeGradientSums.name } == 1)
    try StepTests().check(graph, fused: fused, set)
  }

  @Test func passKeepsTheMeaning() throws { try StepTests().passesKeepTheMeaning(Self.net, Self.pipeline) }

  @Test func leavesAloneWhatNoKernelCanSum() throws {
    var net = NetBuilder()
    let x = try net.input("x", [2, 34, 6, 6])
    // Of one pixel, of a channel each, and of groups that share vectors.
    for convolution in [Conv2D(), Conv2D(groups: 34), Conv2D(groups: 2)] {
      let kernel = convolution.groups == 1 ? 1 : 3
      net.builder.output("y", try net.normalised(try net.convolution(x, 34, kernel: kernel, convolution)))
    }
    let names = try Pass.pipeline.run(on: net.builder.graph).nodes.compactMap { $0.op?.name }
    #expect(names.count { $0 == BatchStatistics.name } == 3)
    #expect(!names.contains(Conv2DStatistics.name))
  }

  @Test("numbers far from zero keep their variance", arguments: InstructionSet.available)
  func stability(_ set: InstructionSet) throws {
    for (convolution, x, w) in Conv2D.sampleShapes + Conv2D.largeSampleShapes
    where convolution.takesSums(x: x, w: w, isGradient: false) {
      var convolution = convolution
      convolution.epilogue.bias = true
      let sample = Sample(
        Conv2DStatistics(convolution: convolution),
        [
          (TensorType(.float32, x), .uniform(-1, 1)), (TensorType(.float32, w), .uniform(-1, 1)),
          (TensorType(.float32, [w[0]]), .uniform(1000, 3000)),
        ])
      let run = try KernelRun(sample, placed: sample.types.map { .computed($0) })
      let found = run.run(sample.makeOperands(), set, parts: 2).result.map { Double($0) }
      let shape = try convolution.resultType(sample.types).shape
      let count = shape.reduce(1, *)
      let y = HostTensor(shape: shape, values: Array(found[..<count]))
      let expected = BatchStatistics().reference([y]).values
      for channel in 0..<shape[1] {
        let (mean, variance) = (expected[channel], expected[shape[1] + channel])
        #expect(abs(found[count + channel] - mean) <= 1e-7 * mean)
        // What the distances from a float's neighbour are rounded to.
        #expect(abs(found[count + shape[1] + channel] - variance) <= 1e-5 * max(variance, 1e-3))
      }
    }
  }
}
