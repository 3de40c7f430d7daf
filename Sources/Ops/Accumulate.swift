import Graphs
import KernelContract

/// Adds `share` times a tensor to a variable, in place: of the variable and the tensor, the new sum.
package struct Accumulate: NotDifferentiable {
  package static let name = "accumulate"
  package var share: Double

  package init(share: Double) { self.share = share }

  package static var samples: [Sample] {
    [[3, 37], [5, 3, 3, 1], [21], []].map { Sample(Self(share: 0.25), shapes: [$0, $0]) }
  }

  package var mutatedOperands: [Int] { [0] }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(2)
    try operands.expectFloat(0)
    try operands.expect(1, shape: operands[0].shape)
    return operands[0]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    operands[0].zip(operands[1]) { $0 + share * $1 }
  }
}

extension Accumulate: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands[0].layout ?? operands[1].layout ?? .computed(result)
    return LayoutDecision(operands: [layout, layout], result: layout)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let program = ElementwiseProgram(
      count: site.result.size, inputs: [.full, .full],
      instructions: [
        ElementwiseInstruction(.multiplyImmediate, 3, 1, immediate: Float(share)),
        ElementwiseInstruction(.add, 2, 0, 3),
      ])
    guard let program else { throw .noKernel(op: name, reason: "the program is refused") }
    return Lowering(calls: [KernelCall(program, operands: [.operand(0), .operand(1), .result])])
  }
}
