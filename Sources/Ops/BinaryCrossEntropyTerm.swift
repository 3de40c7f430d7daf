import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The binary cross-entropy of a logit z and a target t in 0 ... 1, without overflow:
/// `max(z, 0) - z * t + log(1 + e^-|z|)`, as `torch.nn.BCEWithLogitsLoss`.
package struct BinaryCrossEntropyTerm: ElementwiseOp {
  package static let name = "binary_cross_entropy_term"
  package var operandCount: Int { 2 }
  package static let sampleOps = [BinaryCrossEntropyTerm()]

  package init() {}

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try BinaryCrossEntropyTerm.resultType(of: operands, count: 2, target: 1)
  }

  package static var samples: [Sample] {
    [[3, 37], [21], [2, 3, 4]].flatMap { shape in
      [(Graphs.Element.bool, Sample.Content.flags), (.float32, .uniform(0, 1))].map { element, content in
        Sample(
          Self(),
          [
            (TensorType(.float32, shape), .uniform(-4, 4)),
            (TensorType(element, shape), content),
          ])
      }
    }
  }

  /// The operand `target` is bool or float32; the others are float32, all of one shape.
  static func resultType(of operands: [TensorType], count: Int, target: Int) throws(ShapeError) -> TensorType {
    try operands.expectCount(count)
    for operand in operands.indices {
      if operand != target || operands[operand].element != .bool { try operands.expectFloat(operand) }
      if operands[operand].shape != operands[0].shape { throw .shapesDiffer(operands[0], operands[operand]) }
    }
    return operands[0]
  }

  package func value(_ x: [Double]) -> Double { max(x[0], 0) - x[0] * x[1] + log1p(exp(-abs(x[0]))) }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.binaryCrossEntropyWithLogits, result, sources[0], sources[1])]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let (logit, target) = (adjoint.operands[0], adjoint.operands[1])
    return [try builder.emit(BinaryCrossEntropyTermGradient(), adjoint.gradient, logit, target), nil]
  }
}
