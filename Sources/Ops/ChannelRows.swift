import Graphs

// What the ops of batch normalisation share.

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
