import Graphs

/// The same elements in row-major order under another shape.
package struct Reshape: Op {
  package static let name = "reshape"
  /// All axes, the batch included.
  package var shape: [Int]

  package init(shape: [Int]) { self.shape = shape }

  package static var samples: [Sample] {
    [
      Sample(Self(shape: [2, 36]), shapes: [[2, 3, 3, 4]]),
      Sample(Self(shape: [2, 192]), shapes: [[2, 16, 3, 4]]),
      Sample(Self(shape: [2, 228]), shapes: [[2, 19, 3, 4]]),
      Sample(Self(shape: [2, 16, 3, 4]), shapes: [[2, 192]]),
      Sample(Self(shape: [2, 1, 5, 7]), shapes: [[2, 35]]),
      Sample(Self(shape: [3, 5, 7]), shapes: [[3, 35]]),
      Sample(Self(shape: [15, 7]), shapes: [[3, 5, 7]]),
      Sample(Self(shape: [5]), shapes: [[5, 1]]),
      Sample(Self(shape: [5, 1]), shapes: [[5]]),
      Sample(Self(shape: [1]), shapes: [[]]),
    ]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    let result = TensorType(operands[0].element, shape)
    guard let count = result.checkedCount else { throw .tooLarge(shape: shape) }
    if count != operands[0].count { throw .countMismatch(expected: operands[0].count, found: count) }
    return result
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(Reshape(shape: adjoint.operandTypes[0].shape), adjoint.gradient)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    HostTensor(shape: shape, values: operands[0].values)
  }
}
