import Graphs
import KernelContract

/// Sets a variable to zero, in place.
package struct Clear: NotDifferentiable {
  package static let name = "clear"

  package init() {}

  package static var samples: [Sample] { [[3, 37], [2, 19, 3, 4], [21]].map { Sample(Self(), shapes: [$0]) } }

  package var mutatedOperands: [Int] { [0] }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expectFloat(0)
    return operands[0]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor { HostTensor(shape: operands[0].shape) }
}

extension Clear: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands[0].layout ?? .computed(result)
    return LayoutDecision(operands: [layout], result: layout)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    Lowering(calls: [try site.zeroing(for: name)])
  }
}

extension LoweringSite {
  /// The call that fills the memory of the result with zeros.
  func zeroing(for op: String) throws(LoweringError) -> KernelCall {
    let program = ElementwiseProgram(
      count: result.size, inputs: [], instructions: [ElementwiseInstruction(.constant, 0, 0, immediate: 0)])
    guard let program else { throw .noKernel(op: op, reason: "the program is refused") }
    return KernelCall(program, operands: [.result])
  }
}
