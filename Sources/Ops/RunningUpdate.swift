import Graphs
import KernelContract

/// Moves a running statistic towards that of a batch, in place: of the buffer [C] and the statistic [C],
/// `(1 - momentum) * buffer + momentum * statistic`. A variance is made unbiased first, by `count / (count - 1)`.
package struct RunningUpdate: NotDifferentiable {
  package static let name = "running_update"
  package var momentum: Double
  package var isVariance: Bool
  /// The numbers per channel that the statistic was taken of.
  package var count: Int

  package init(momentum: Double, isVariance: Bool, count: Int) {
    self.momentum = momentum
    self.isVariance = isVariance
    self.count = count
  }

  package static var samples: [Sample] {
    [
      Sample(Self(momentum: 0.1, isVariance: false, count: 12), shapes: [[19], [19]]),
      Sample(Self(momentum: 0.1, isVariance: true, count: 12), shapes: [[16], [16]]),
      Sample(Self(momentum: 1, isVariance: true, count: 1), shapes: [[5], [5]]),
    ]
  }

  package var mutatedOperands: [Int] { [0] }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(2)
    try operands.expectFloat(0)
    try operands.expect(1, shape: operands[0].shape)
    try expectAttribute("count", count, atLeast: 1)
    return operands[0]
  }

  /// What the statistic is multiplied by: the momentum, times the correction of a variance. One number has no
  /// unbiased variance; it is left as it is.
  var factor: Double { momentum * (isVariance && count > 1 ? Double(count) / Double(count - 1) : 1) }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    operands[0].zip(operands[1]) { (1 - momentum) * $0 + factor * $1 }
  }
}

extension RunningUpdate: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands[0].layout ?? .computed(result)
    return LayoutDecision(operands: [layout, layout], result: layout)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let program = ElementwiseProgram(
      count: site.result.size, inputs: [.full, .full],
      instructions: [
        ElementwiseInstruction(.multiplyImmediate, 3, 1, immediate: Float(factor)),
        ElementwiseInstruction(.multiplyImmediate, 4, 0, immediate: Float(1 - momentum)),
        ElementwiseInstruction(.add, 2, 3, 4),
      ])
    guard let program else { throw .noKernel(op: name, reason: "the program is refused") }
    return Lowering(calls: [KernelCall(program, operands: [.operand(0), .operand(1), .result])])
  }
}
