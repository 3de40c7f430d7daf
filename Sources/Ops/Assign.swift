import Graphs
import KernelContract

/// Puts a tensor into a variable: of the variable and the tensor, the tensor.
package struct Assign: NotDifferentiable {
  package static let name = "assign"

  package init() {}

  package static var samples: [Sample] {
    [[3, 37], [2, 5, 16], [21], []].map { Sample(Self(), shapes: [$0, $0], checksGradient: false) }
  }

  package var mutatedOperands: [Int] { [0] }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(2)
    if operands[0].element == .int32 { try operands.expectFloat(0) }
    try operands.expect(1, element: operands[0].element)
    try operands.expectExtents(1, operands[0].shape)
    return operands[0]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor { operands[1] }
}

extension Assign: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands[0].layout ?? operands[1].layout ?? .computed(result)
    return LayoutDecision(operands: [layout, layout], result: layout)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let program = ElementwiseProgram(
      count: site.result.size, inputs: [.full], instructions: [ElementwiseInstruction(.copy, 1, 0)])
    guard let program else { throw .noKernel(op: name, reason: "the program is refused") }
    return Lowering(calls: [KernelCall(program, operands: [.operand(1), .result])])
  }
}
