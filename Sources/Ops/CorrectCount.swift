import Graphs
import KernelContract

/// How many rows have their first greatest logit at the target: logits [N..., C], target index [N...] → scalar.
package struct CorrectCount: NotDifferentiable {
  package static let name = "correct_count"

  package init() {}

  package static var samples: [Sample] {
    [[5, 10], [33, 2], [2, 7, 37]].map { logits in
      Sample(
        Self(),
        [
          (TensorType(.float32, logits), .uniform(-1, 1)),
          (TensorType(.int32, logits.dropLast()), .integers(logits[logits.count - 1])),
        ])
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(2)
    try operands.expectFloat(0)
    try operands.expect(0, rank: 2...8)
    try operands.expect(1, element: .int32)
    try operands.expectExtents(1, operands[0].shape.dropLast())
    return TensorType(.float32, [])
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (logits, target) = (operands[0], operands[1])
    let classes = logits.shape[logits.rank - 1]
    var correct = 0.0
    for row in target.values.indices {
      var best = 0
      for index in 1..<max(1, classes) where logits.values[row * classes + index] > logits.values[row * classes + best]
      {
        best = index
      }
      if best == Int(target.values[row]) { correct += 1 }
    }
    return HostTensor(shape: [], values: [correct])
  }
}

extension CorrectCount: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(
      operands: [operands[0].wholeRows, .computed(operands[1].type)], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let (logits, target) = (site.operands[0], site.operands[1])
    let sequence = logits.sum(.correct, scale: 1)
    guard target.type.rank > 1 else { return Lowering(sequence) }
    // The kernel wants one target after the other.
    let start = (sequence.workspaceBytes + 63) / 64 * 64
    let dense = CallOperand.workspace(byteOffset: start)
    var calls: [KernelCall] = []
    for copy in LayoutCopy.dense(target.type, target.layout, writes: false) {
      guard let call = copy.call(from: .operand(1), to: dense) else {
        throw .noKernel(op: name, reason: "the target has too many axes")
      }
      calls.append(call)
    }
    calls += sequence.calls.map { call in
      KernelCall(call.parameters, operands: call.operands.map { $0 == .operand(1) ? dense : $0 })
    }
    return Lowering(
      calls: calls, workspaceBytes: start + 4 * target.type.count)
  }
}
