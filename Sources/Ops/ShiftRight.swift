import Graphs
import KernelContract

/// Each row moved one place to the right, with `start` in the first: index [N..., T] → the same.
package struct ShiftRight: Op {
  package static let name = "shift_right"
  package var start: Int

  package init(start: Int) { self.start = start }

  package static var samples: [Sample] {
    [[2, 5], [3, 16], [4, 1], [2, 3, 7]].map { shape in
      Sample(Self(start: 3), [(TensorType(.int32, shape), .integers(9))], checksGradient: false)
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expect(0, element: .int32)
    try operands.expect(0, rank: 2...8)
    try expectAttribute("start", start, atLeast: 0)
    return operands[0]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] { [nil] }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    var result = operands[0]
    let width = result.shape[result.rank - 1]
    for index in result.values.indices {
      result.values[index] = index % width == 0 ? Double(start) : operands[0].values[index - 1]
    }
    return result
  }
}

extension ShiftRight: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands[0].layout.flatMap { $0.isRows ? $0 : nil } ?? .matrix(result)
    return LayoutDecision(operands: [layout], result: layout)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let x = site.operands[0]
    let parameters = ShiftRightParameters(
      rows: x.rows, columns: x.columns, rowStride: x.rowStride, start: Int32(truncatingIfNeeded: start))
    return Lowering(calls: [KernelCall(parameters, operands: [.operand(0), .result])])
  }
}
