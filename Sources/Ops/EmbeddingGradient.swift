import Graphs
import KernelContract

/// The gradient of `Embedding` for its table, exact and dense: index [N...], dy [N..., D] → [rows, D], the sum of the rows of
/// dy that each row of the table went to.
package struct EmbeddingGradient: UpdatingOp {
  package static let name = "embedding_gradient"
  package var ownOperandCount: Int { 2 }
  /// The rows of the table.
  package var rows: Int
  package var update: OptimizerUpdate

  package init(rows: Int, update: OptimizerUpdate = .none) {
    self.rows = rows
    self.update = update
  }

  package static var samples: [Sample] {
    [(7, 5, [2, 9]), (37, 20, [6]), (300, 16, [4, 3])].flatMap { rows, width, ids in
      ([.none] + OptimizerUpdate.samples).map { update in
        Sample(
          Self(rows: rows, update: update),
          [
            (TensorType(.int32, ids), .integers(rows)), (TensorType(.float32, ids + [width]), .uniform(-1, 1)),
          ] + update.sampleOperands([rows, width]), checksGradient: false)
      }
    }
  }

  package func gradientType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expect(0, element: .int32)
    try operands.expect(0, rank: 1...7)
    try operands.expectFloat(1)
    try operands.expect(1, rank: (operands[0].rank + 1)...(operands[0].rank + 1))
    let width = operands[1].shape[operands[1].rank - 1]
    try operands.expectExtents(1, operands[0].shape + [width])
    try expectAttribute("rows", rows, atLeast: 1)
    return TensorType(.float32, [rows, width])
  }

  package func gradientReference(_ operands: [HostTensor]) -> HostTensor {
    let (ids, dy) = (operands[0], operands[1])
    let width = dy.shape[dy.rank - 1]
    var result = HostTensor(shape: [rows, width])
    for (row, id) in ids.values.enumerated() where id >= 0 && Int(id) < rows {
      for column in 0..<width { result.values[Int(id) * width + column] += dy.values[row * width + column] }
    }
    return result
  }
}

extension EmbeddingGradient {
  /// Besides its update it takes in the addition to another gradient of the table.
  package func absorbing(_ consumer: any Op, at position: Int, types: FusionTypes) -> Absorbed? {
    if consumer is Add, update.kind == .none {
      return Absorbed(op: EmbeddingAddition(), appendedOperands: [1 - position])
    }
    return absorbingUpdate(consumer, at: position, types: types)
  }

  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let weight = operands.count > 2 ? operands[2].table : .matrix(result)
    return LayoutDecision(
      operands: [operands[0].tokens, operands[1].wholeRows] + updateLayouts(operands, weight: weight), result: weight)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let parameters = EmbeddingGradientParameters(
      table: site.result.table, gradientStride: site.operands[1].rowStride, update: update)
    return Lowering(
      parameters.calls(tokens: site.operands[0].tokenPlaces, destination: site.destination(update, from: 2)))
  }
}
