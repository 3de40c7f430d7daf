import Graphs

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
