import Graphs
import KernelContract

/// The sum over all axes but one, the gradient of a bias: x → [x.shape[axis]].
package struct SumExcept: UpdatingOp {
  package static let name = "sum_except"
  package static let ownOperandCount = 1
  package var axis: Int
  package var update: OptimizerUpdate

  package init(axis: Int, update: OptimizerUpdate = .none) {
    self.axis = axis
    self.update = update
  }

  package static var samples: [Sample] {
    samples(Self(axis: 1), shapes: [[5, 37]], weight: [37])
      + samples(Self(axis: 1), shapes: [[2, 19, 3, 5]], weight: [19])
      + [
        Sample(Self(axis: 1), shapes: [[300, 10]]), Sample(Self(axis: 2), shapes: [[2, 3, 16]]),
        Sample(Self(axis: 1), shapes: [[2, 3, 4, 5]]),
      ]
  }

  package func gradientType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectFloat(0)
    try expectAxis(axis, rank: operands[0].rank)
    return TensorType(.float32, [operands[0].shape[axis]])
  }

  package func gradientReference(_ operands: [HostTensor]) -> HostTensor {
    let x = operands[0]
    let (_, extent, inner) = x.around(axis)
    var result = HostTensor(shape: [extent])
    for index in x.values.indices { result.values[index / inner % extent] += x.values[index] }
    return result
  }
}
