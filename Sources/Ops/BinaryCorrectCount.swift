import Graphs
import KernelContract

/// How many logits have the sign that the target asks for, positive for true: logit, target bool of one shape → scalar.
package struct BinaryCorrectCount: NotDifferentiable {
  package static let name = "binary_correct_count"

  package init() {}

  package static var samples: [Sample] {
    [[21], [33, 1], [5, 19]].map { shape in
      Sample(Self(), [(TensorType(.float32, shape), .uniform(-1, 1)), (TensorType(.bool, shape), .flags)])
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(2)
    try operands.expectFloat(0)
    if operands[1].element != .bool { try operands.expectFloat(1) }
    if operands[0].shape != operands[1].shape { throw .shapesDiffer(operands[0], operands[1]) }
    return TensorType(.float32, [])
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let correct = zip(operands[0].values, operands[1].values).count { ($0 > 0) == ($1 > 0.5) }
    return HostTensor(shape: [], values: [Double(correct)])
  }
}

extension BinaryCorrectCount: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands[0].evenRows
    return LayoutDecision(operands: [layout, layout], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let logits = site.operands[0]
    let compare = ElementwiseProgram(
      count: logits.size, inputs: [.full, .full],
      instructions: [
        ElementwiseInstruction(.constant, 3, 0, immediate: 0), ElementwiseInstruction(.greater, 4, 0, 3),
        ElementwiseInstruction(.constant, 3, 0, immediate: 0.5), ElementwiseInstruction(.greater, 5, 1, 3),
        ElementwiseInstruction(.equal, 2, 4, 5),
      ])
    guard let compare else { throw .noKernel(op: name, reason: "the program is refused") }
    let sum = logits.sum(.sum, scale: 1)
    let start = (sum.workspaceBytes + 63) / 64 * 64
    let correct = CallOperand.workspace(byteOffset: start)
    let calls = sum.calls.map { call in
      KernelCall(call.parameters, operands: call.operands.map { $0 == .operand(0) ? correct : $0 })
    }
    return Lowering(
      calls: [KernelCall(compare, operands: [.operand(0), .operand(1), correct])] + calls,
      workspaceBytes: start + 4 * logits.size)
  }
}
