import Graphs

/// Sums x over the axes in which `shape` has extent 1 (or all, for a scalar): the gradient of `BroadcastTo`.
package struct SumTo: Op {
  package static let name = "sum_to"
  package var shape: [Int]

  package init(shape: [Int]) { self.shape = shape }

  package static var samples: [Sample] {
    [
      Sample(Self(shape: []), shapes: [[3, 37]]),
      Sample(Self(shape: [3, 1]), shapes: [[3, 37]]),
      Sample(Self(shape: [1, 37]), shapes: [[3, 37]]),
      Sample(Self(shape: [2, 19, 1, 1]), shapes: [[2, 19, 3, 4]]),
      Sample(Self(shape: [1, 5, 3, 1]), shapes: [[2, 5, 3, 4]]),
      Sample(Self(shape: []), shapes: [[2, 5, 3, 4]]),
    ]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expectFloat(0)
    try expectRepeats(shape, of: operands[0].shape)
    return TensorType(.float32, shape)
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(BroadcastTo(shape: adjoint.operandTypes[0].shape), adjoint.gradient)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    var result = HostTensor(shape: shape)
    for index in operands[0].values.indices {
      result.values[result.repeated(operands[0].coordinates(index))] += operands[0].values[index]
    }
    return result
  }
}
