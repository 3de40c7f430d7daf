import Graphs
import KernelContract

/// How many targets count, at least 1 lest something is divided by it: index [N...] → scalar f32.
package struct TargetCount: NotDifferentiable {
  package static let name = "target_count"
  /// Targets of this number do not count.
  package var ignore: Int?

  package init(ignore: Int?) { self.ignore = ignore }

  package static var samples: [Sample] {
    [(nil, [5]), (2, [3, 7]), (0, [2, 3, 5]), (0, [1])].map { ignore, shape in
      Sample(Self(ignore: ignore), [(TensorType(.int32, shape), .integers(shape == [1] ? 1 : 4))])
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expect(0, element: .int32)
    try operands.expect(0, rank: 1...8)
    return TensorType(.float32, [])
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let count = operands[0].values.count { Int($0) != ignore }
    return HostTensor(shape: [], values: [Double(max(1, count))])
  }
}

extension TargetCount: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [.computed(operands[0].type)], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let target = site.operands[0]
    let count = CountedTotal(
      rows: target.type.count, labels: target.labels(ignored: ignore), isMean: false, isCountOnly: true)
    guard
      let atLeastOne = ElementwiseProgram(
        count: site.result.size, inputs: [.full],
        instructions: [ElementwiseInstruction(.clip, 1, 0, immediate: 1, secondImmediate: .greatestFiniteMagnitude)])
    else { throw .noKernel(op: name, reason: "the program is too long") }
    let counted = CallOperand.workspace(byteOffset: 0)
    return Lowering(
      calls: [
        KernelCall(count, operands: [counted, .operand(0), counted]),
        KernelCall(atLeastOne, operands: [counted, .result]),
      ], workspaceBytes: 64)
  }
}
