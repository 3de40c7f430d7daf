import Graphs
import KernelContract

/// How many targets count: index [N...] → scalar f32. `wholeExamples`: in how many positions of axis 0 any target counts.
package struct TargetCount: NotDifferentiable {
  package static let name = "target_count"
  /// Targets of this number do not count.
  package var ignore: Int?

  package var wholeExamples: Bool

  package init(ignore: Int?, wholeExamples: Bool = false) {
    self.ignore = ignore
    self.wholeExamples = wholeExamples
  }

  package static var samples: [Sample] {
    [
      (nil, [5], false), (2, [3, 7], false), (0, [2, 3, 5], false), (0, [1], false), (nil, [6, 3], true),
      (1, [40, 2], true), (0, [1, 4], true), (1, [30, 2, 1], true),
    ].map { ignore, shape, wholeExamples in
      Sample(
        Self(ignore: ignore, wholeExamples: wholeExamples),
        [(TensorType(.int32, shape), .integers(shape[0] == 1 ? 1 : wholeExamples ? 2 : 4))])
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expect(0, element: .int32)
    try operands.expect(0, rank: 1...8)
    return TensorType(.float32, [])
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let target = operands[0]
    let group = wholeExamples ? target.count / max(1, target.shape[0]) : 1
    let counted = stride(from: 0, to: target.count, by: max(1, group)).count { first in
      target.values[first..<(first + group)].contains { Int($0) != ignore }
    }
    return HostTensor(shape: [], values: [Double(counted)])
  }
}

extension TargetCount: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [.computed(operands[0].type)], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let target = site.operands[0]
    let count = CountedTotal(
      rows: target.type.count, labels: target.labels(ignored: ignore), isMean: false, isCountOnly: true,
      group: wholeExamples ? target.type.count / max(1, target.type.shape[0]) : 1)
    // Losses, the first operand, are not read.
    return Lowering(calls: [KernelCall(count, operands: [.operand(0), .operand(0), .result])])
  }
}
