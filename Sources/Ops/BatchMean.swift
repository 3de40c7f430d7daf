import Graphs
import KernelContract

/// The mean of each channel: x [N, C, ...] → [C]. It passes no gradient: `BatchNormalize` is differentiated as a whole.
package struct BatchMean: Op {
  package static let name = "batch_mean"

  package init() {}

  package static var samples: [Sample] {
    batchSampleShapes.map { Sample(Self(), shapes: [$0], checksGradient: false) }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    return try operands.channelType()
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] { [nil] }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let x = operands[0]
    let (outer, channels, inner) = x.around(1)
    var result = HostTensor(shape: [channels])
    for index in x.values.indices {
      result.values[index / inner % channels] += x.values[index] / Double(outer * inner)
    }
    return result
  }
}

/// Shapes that the ops of batch normalisation are tried with.
let batchSampleShapes = [[5, 37], [2, 19, 3, 4], [3, 16, 2, 2], [2, 3, 5, 4], [40, 5]]

extension [TensorType] {
  /// The type of one number per channel of operand 0, which is [N, C] or [N, C, H, W].
  func channelType() throws(ShapeError) -> TensorType {
    try expectFloat(0)
    try expect(0, rank: 2...4)
    return TensorType(.float32, [self[0].shape[1]])
  }

  /// All operands in the range hold one number per channel.
  func expectChannels(_ operands: Range<Int>, _ channels: Int) throws(ShapeError) {
    for operand in operands { try expect(operand, shape: [channels]) }
  }
}

extension BatchMean: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [operands[0].channelRows], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let x = try site.operands[0].channelRows(for: name)
    return Lowering(ChannelSums.sequence(.mean, rows: x.rows, channels: x.columns, rowStride: x.rowStride))
  }
}

extension PlacedType {
  /// The operand's layout if its channels (axis 1) are neighbours, else the computed one.
  var channelRows: Layout { type.rank == 4 ? image : layout.flatMap { $0.isRows ? $0 : nil } ?? .computed(type) }
}

extension LoweringSite.Tensor {
  /// The tensor, if its channels (axis 1) are neighbours in memory.
  func channelRows(for op: String) throws(LoweringError) -> Self {
    guard layout.isImage || type.rank == 2 else {
      throw .noKernel(op: op, reason: "the channels of \(type) are not neighbours in memory")
    }
    return self
  }
}
