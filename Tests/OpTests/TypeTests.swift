import Graphs
import Ops
import Testing

/// The type rules against the references' shapes, and on operands that do not fit.
@Suite struct TypeTests {
  @Test(arguments: SampleCase.all)
  func agreesWithTheReference(_ sampleCase: SampleCase) throws {
    let sample = sampleCase.sample
    let type = try sample.op.resultType(sample.types)
    #expect(type.shape == sample.op.reference(sample.makeOperands()).shape)
    #expect(sample.op.mutations(sample.makeOperands()).count == sample.op.mutatedOperands.count)
  }

  /// No list of operands may trap, whatever its length and ranks.
  @Test(arguments: SampleCase.all)
  func refusesOtherOperands(_ sampleCase: SampleCase) {
    let sample = sampleCase.sample
    #expect(throws: ShapeError.self) { try sample.op.resultType([]) }
    #expect(throws: ShapeError.self) {
      try sample.op.resultType(sample.types + [TensorType(.float32, [1])] + [TensorType(.float32, [1])])
    }
    for position in sample.types.indices {
      for other in [[], [1 << 40], [0], [7, 0, 3, 3], [2, 3, 5, 7], [1, 1, 1, 1, 1, 1, 1, 1, 1]] {
        var types = sample.types
        types[position].shape = other
        _ = try? sample.op.resultType(types)
      }
    }
  }

  @Test func refusesAttributesThatMakeNoSense() {
    let x = TensorType(.float32, [1, 4, 8, 8])
    let w = TensorType(.float32, [4, 4, 3, 3])
    for bad in [-1, 0, Int.max, Int.min] {
      #expect(throws: ShapeError.self) { try Conv2D(stride: [bad, 1]).resultType([x, w]) }
      #expect(throws: ShapeError.self) { try Conv2D(dilation: [1, bad]).resultType([x, w]) }
      #expect(throws: ShapeError.self) { try Conv2D(groups: bad).resultType([x, w]) }
      #expect(throws: ShapeError.self) {
        try MaxPool2D(window: Window2D(kernel: [bad, 2], stride: [2, 2])).resultType([x])
      }
      #expect(throws: ShapeError.self) { try AdaptiveAveragePool2D(size: [bad, 1]).resultType([x]) }
    }
    #expect(throws: ShapeError.self) { try Conv2D(padding: Padding2D(-1)).resultType([x, w]) }
    #expect(throws: ShapeError.self) { try Conv2D(padding: Padding2D(8, mode: .reflect)).resultType([x, w]) }
    #expect(throws: ShapeError.self) { try Reshape(shape: [Int.max, Int.max]).resultType([x]) }
    #expect(throws: ShapeError.self) { try Reshape(shape: [-16, -16]).resultType([x]) }
    #expect(throws: ShapeError.self) { try BroadcastTo(shape: []).resultType([x]) }
    #expect(throws: ShapeError.self) { try Transpose(axes: [0, 0, 1, 2]).resultType([x]) }
    #expect(throws: ShapeError.self) { try AddBias(axis: -1).resultType([x, x]) }
  }

  /// Extents by the rule that `torch.nn.MaxPool2d` documents.
  @Test(arguments: [
    (8, 3, 2, 0, true, 4), (8, 3, 2, 0, false, 3), (8, 2, 3, 0, true, 3), (7, 3, 2, 1, true, 4), (5, 2, 2, 1, true, 3),
    (112, 3, 2, 1, false, 56), (6, 3, 3, 1, true, 3), (4, 2, 4, 1, true, 2),
  ])
  func countsWindowsAsPyTorch(extent: Int, kernel: Int, stride: Int, padding: Int, ceil: Bool, expected: Int) throws {
    let window = Window2D(kernel: [kernel, 1], stride: [stride, 1], padding: [padding, 0], ceil: ceil)
    let type = try MaxPool2D(window: window).resultType([TensorType(.float32, [1, 1, extent, 1])])
    #expect(type.shape[2] == expected)
  }
}
