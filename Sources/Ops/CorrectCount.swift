import Graphs
import KernelContract

/// How many rows have the logit at the target among their `largest` greatest, of equal ones the first: logits [N..., C], target
/// index [N...] → scalar. Rows with the target `ignore` count for nothing. `wholeExamples`: how many positions of axis 0 have only such
/// rows, ignored ones left out; one whose rows are all ignored is not among them.
package struct CorrectCount: NotDifferentiable {
  package static let name = "correct_count"

  package var largest: Int

  package var ignore: Int?

  package var wholeExamples: Bool

  package init(largest: Int = 1, ignore: Int? = nil, wholeExamples: Bool = false) {
    self.largest = largest
    self.ignore = ignore
    self.wholeExamples = wholeExamples
  }

  package static var samples: [Sample] {
    [
      ([5, 10], 1, nil, false), ([33, 2], 1, nil, false), ([2, 7, 37], 1, nil, false), ([19, 37], 5, nil, false),
      ([2, 3, 4], 3, nil, false), ([40, 3], 1, 0, false), ([2, 20, 3], 2, 1, false), ([40, 3, 2], 1, nil, true),
      ([70, 4, 3], 2, 1, true), ([40, 3, 2], 1, 0, true),
    ].map { logits, largest, ignore, wholeExamples in
      Sample(
        Self(largest: largest, ignore: ignore, wholeExamples: wholeExamples),
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
    try expectAttribute("largest", largest, atLeast: 1)
    return TensorType(.float32, [])
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (logits, target) = (operands[0], operands[1])
    let classes = logits.shape[logits.rank - 1]
    let group = wholeExamples ? target.count / max(1, target.shape[0]) : 1
    var correct = 0.0
    for first in stride(from: 0, to: target.count, by: max(1, group)) {
      let rows = (first..<(first + group)).filter { Int(target.values[$0]) != ignore }
      let right = rows.count { row in
        let numbers = logits.values[row * classes..<(row + 1) * classes]
        let order = numbers.indices.sorted { (numbers[$1], $0) < (numbers[$0], $1) }
        return order.prefix(largest).contains(row * classes + Int(target.values[row]))
      }
      if right == rows.count && right > 0 { correct += 1 }
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
    let sequence = logits.sum(
      largest == 1 ? .correct : .among, scale: 1, largest: largest, ignored: ignore,
      group: wholeExamples ? target.type.count / max(1, target.type.shape[0]) : 1)
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
