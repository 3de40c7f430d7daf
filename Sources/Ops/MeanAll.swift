import Graphs
import KernelContract

/// The mean of all elements, a scalar.
package struct MeanAll: Op {
  package static let name = "mean_all"

  package init() {}

  package static var samples: [Sample] { reductionSampleShapes.map { Sample(Self(), shapes: [$0]) } }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expectFloat(0)
    return TensorType(.float32, [])
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let share = try builder.emit(Scale(factor: 1 / Double(adjoint.operandTypes[0].count)), adjoint.gradient)
    return [try builder.emit(BroadcastTo(shape: adjoint.operandTypes[0].shape), share)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    HostTensor(shape: [], values: [operands[0].values.reduce(0, +) / Double(operands[0].count)])
  }
}

extension MeanAll: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [operands[0].evenRows], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let x = site.operands[0]
    return Lowering(x.sum(.sum, scale: 1 / Double(max(1, x.type.count))))
  }
}
