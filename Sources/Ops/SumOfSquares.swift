import Graphs
import KernelContract

/// The sum of the squares of all elements, a scalar.
package struct SumOfSquares: Op {
  package static let name = "sum_of_squares"

  package init() {}

  package static var samples: [Sample] {
    (reductionSampleShapes + [[32, 48]]).map { Sample(Self(), shapes: [$0]) }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expectFloat(0)
    return TensorType(.float32, [])
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let twice = try builder.emit(Scale(factor: 2), adjoint.gradient)
    let repeated = try builder.emit(BroadcastTo(shape: adjoint.operandTypes[0].shape), twice)
    return [try builder.emit(Multiply(), repeated, adjoint.operands[0])]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    HostTensor(shape: [], values: [operands[0].values.reduce(0) { $0 + $1 * $1 }])
  }
}

extension SumOfSquares: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let x = operands[0]
    let layout = x.layout.flatMap { isDense(x.type, $0) ? $0 : nil } ?? x.evenRows
    return LayoutDecision(operands: [layout], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let x = site.operands[0]
    // Without padding the order of the elements does not matter: weights need not leave their panels.
    if isDense(x.type, x.layout) {
      let rows = x.size / Layout.lanes
      return Lowering(
        RowReductionParameters(.sumOfSquares, rows: rows, columns: Layout.lanes, stride: Layout.lanes).calls(scale: 1))
    }
    return Lowering(x.sum(.sumOfSquares, scale: 1))
  }

  /// Whether memory holds elements only, in whole vectors.
  private func isDense(_ type: TensorType, _ layout: Layout) -> Bool {
    type.count % Layout.lanes == 0 && layout.size(type) == type.count
  }
}
