import Graphs

/// How many logits have the sign that the target asks for, positive for true: logit, target bool of one shape → scalar.
package struct BinaryCorrectCount: NotDifferentiable {
  package static let name = "binary_correct_count"

  package init() {}

  package static var samples: [Sample] {
    [[21], [33, 1], [5, 19]].map { shape in
      Sample(Self(), [(TensorType(.float32, shape), .uniform(-1, 1)), (TensorType(.bool, shape), .flags)])
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(2)
    try operands.expectFloat(0)
    if operands[1].element != .bool { try operands.expectFloat(1) }
    if operands[0].shape != operands[1].shape { throw .shapesDiffer(operands[0], operands[1]) }
    return TensorType(.float32, [])
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let correct = zip(operands[0].values, operands[1].values).count { ($0 > 0) == ($1 > 0.5) }
    return HostTensor(shape: [], values: [Double(correct)])
  }
}
