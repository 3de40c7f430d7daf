import Graphs

/// An op that computes each element of its result from the elements at the same place in its operands, which all have the
/// result's type.
package protocol ElementwiseOp: Op {
  static var operandCount: Int { get }
  /// The ops that the samples try.
  static var sampleOps: [Self] { get }
  /// How the samples fill each operand.
  static var sampleContents: [Sample.Content] { get }

  /// The function, of one number of each operand.
  func value(_ x: [Double]) -> Double
}

extension ElementwiseOp {
  package static var sampleContents: [Sample.Content] {
    [Sample.Content](repeating: .uniform(-1, 1), count: operandCount)
  }

  package static var samples: [Sample] {
    let shapes = [[2, 19, 3, 5], [3, 37], [5, 3, 16], [21], []]
    return sampleOps.flatMap { op in
      shapes.map { shape in Sample(op, sampleContents.map { (TensorType(.float32, shape), $0) }) }
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(Self.operandCount)
    try operands.expectFloat(0)
    for operand in operands.indices.dropFirst() {
      try operands.expectFloat(operand)
      if operands[operand].shape != operands[0].shape { throw .shapesDiffer(operands[0], operands[operand]) }
    }
    return operands[0]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    var result = HostTensor(shape: operands[0].shape)
    for index in result.values.indices { result.values[index] = value(operands.map { $0.values[index] }) }
    return result
  }
}
