import Graphs
import KernelContract

/// `x + b`, b along one axis: x, b [x.shape[axis]] → x's type.
package struct AddBias: Op {
  package static let name = "add_bias"
  package var axis: Int

  package init(axis: Int) { self.axis = axis }

  package static var samples: [Sample] {
    [
      Sample(Self(axis: 1), shapes: [[3, 37], [37]]),
      Sample(Self(axis: 2), shapes: [[2, 3, 16], [16]]),
      Sample(Self(axis: 1), shapes: [[2, 19, 3, 5], [19]]),
      Sample(Self(axis: 1), shapes: [[2, 3, 3, 5], [3]]),
      Sample(Self(axis: 1), shapes: [[3, 1020], [1020]]),
    ]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(2)
    try operands.expectFloat(0)
    try expectAxis(axis, rank: operands[0].rank)
    try operands.expect(1, shape: [operands[0].shape[axis]])
    return operands[0]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [adjoint.gradient, adjoint.needed[1] ? try builder.emit(SumExcept(axis: axis), adjoint.gradient) : nil]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    var result = operands[0]
    let inner = result.around(axis).inner
    for index in result.values.indices {
      result.values[index] += operands[1].values[index / inner % result.shape[axis]]
    }
    return result
  }
}

extension AddBias: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let x = operands[0]
    let place = x.type.rank == 4 && axis == 1 ? x.image : x.wholeRows
    return LayoutDecision(operands: [place, .computed(operands[1].type)], result: place)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let x = site.operands[0]
    let period = x.rowStride
    // A row may have further padding than the bias has, which must be readable as well.
    let copies = period > site.operands[1].size
    let bias = copies ? CallOperand.workspace(byteOffset: 0) : .operand(1)
    guard x.layout.isImage || axis == x.type.rank - 1,
      let copy = ElementwiseProgram(
        count: site.operands[1].size, inputs: [.full], instructions: [ElementwiseInstruction(.copy, 1, 0)]),
      let add = ElementwiseProgram(
        count: x.size, period: period, inputs: [.full, .channel], instructions: [ElementwiseInstruction(.add, 2, 0, 1)])
    else { throw .noKernel(op: name, reason: "axis \(axis) is not the one that varies fastest in memory") }
    return Lowering(
      calls: (copies ? [KernelCall(copy, operands: [.operand(1), bias])] : [])
        + [KernelCall(add, operands: [.operand(0), bias, .result])],
      workspaceBytes: copies ? 4 * period : 0, mayOverwrite: [0])
  }
}
