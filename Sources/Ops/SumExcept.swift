import Graphs
import KernelContract

/// The sum over all axes but one, the gradient of a bias: x → [x.shape[axis]].
package struct SumExcept: UpdatingOp {
  package static let name = "sum_except"
  package var ownOperandCount: Int { 1 }
  package var axis: Int
  package var update: OptimizerUpdate

  package init(axis: Int, update: OptimizerUpdate = .none) {
    self.axis = axis
    self.update = update
  }

  package static var samples: [Sample] {
    samples(Self(axis: 1), shapes: [[5, 37]], weight: [37])
      + samples(Self(axis: 1), shapes: [[2, 19, 3, 5]], weight: [19])
      + [
        Sample(Self(axis: 1), shapes: [[300, 10]]), Sample(Self(axis: 2), shapes: [[2, 3, 16]]),
        Sample(Self(axis: 1), shapes: [[2, 3, 4, 5]]),
      ]
  }

  package func gradientType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectFloat(0)
    try expectAxis(axis, rank: operands[0].rank)
    return TensorType(.float32, [operands[0].shape[axis]])
  }

  package func gradientReference(_ operands: [HostTensor]) -> HostTensor {
    let x = operands[0]
    let (_, extent, inner) = x.around(axis)
    var result = HostTensor(shape: [extent])
    for index in x.values.indices { result.values[index / inner % extent] += x.values[index] }
    return result
  }
}

extension SumExcept {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let x = operands[0]
    let place = x.type.rank == 4 && axis == 1 ? x.wholeImage : x.wholeRows
    let weight = Layout.computed(result)
    return LayoutDecision(operands: [place] + updateLayouts(operands, weight: weight), result: weight)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let x = site.operands[0]
    guard x.layout.isImage || axis == x.type.rank - 1 else {
      throw .noKernel(op: name, reason: "axis \(axis) is not the one that varies fastest in memory")
    }
    return Lowering(
      ColumnSumsParameters.calls(
        rows: x.rows, columns: x.columns, rowStride: x.rowStride, update: update, matrix: .operand(0),
        destination: site.destination(update, from: 1)))
  }
}
