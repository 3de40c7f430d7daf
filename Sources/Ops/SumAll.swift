import Graphs
import KernelContract

/// The sum of all elements, a scalar.
package struct SumAll: Op {
  package static let name = "sum_all"

  package init() {}

  package static var samples: [Sample] { reductionSampleShapes.map { Sample(Self(), shapes: [$0]) } }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expectFloat(0)
    return TensorType(.float32, [])
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(BroadcastTo(shape: adjoint.operandTypes[0].shape), adjoint.gradient)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    HostTensor(shape: [], values: [operands[0].values.reduce(0, +)])
  }
}

/// Shapes that whole reductions are tried with.
let reductionSampleShapes = [[3, 37], [2, 19, 3, 4], [2, 3, 5, 4], [21], [], [70, 33]]

extension SumAll: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [operands[0].evenRows], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    Lowering(site.operands[0].sum(.sum, scale: 1))
  }
}

extension PlacedType {
  /// The operand's layout if it is rows or pixels, all the same distance apart.
  var evenRows: Layout { layout.flatMap { $0.rowStride(type) == nil ? nil : $0 } ?? .computed(type) }
}

extension LoweringSite.Tensor {
  /// The calls that reduce operand 0, which lies as this tensor, to one number.
  func sum(
    _ kind: RowReductionParameters.Kind, scale: Double, largest: Int = 1, ignored: Int? = nil, group: Int = 1
  ) -> KernelSequence {
    let columns = type.rank < 2 ? type.count : self.columns
    let rows = type.count / max(1, columns)
    return RowReductionParameters(
      kind, rows: rows, columns: columns, stride: rowStride, largest: largest, ignored: ignored, group: group
    ).calls(scale: scale)
  }
}
