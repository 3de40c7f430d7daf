import Graphs

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
