import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The gradient of `BinaryCrossEntropyTerm` for the logit: of dy, z and t, `dy * (sigmoid(z) - t)`.
package struct BinaryCrossEntropyTermGradient: ElementwiseOp, NotDifferentiable {
  package static let name = "binary_cross_entropy_term_gradient"
  package var operandCount: Int { 3 }
  package static let sampleOps = [BinaryCrossEntropyTermGradient()]

  package init() {}

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try BinaryCrossEntropyTerm.resultType(of: operands, count: 3, target: 2)
  }

  package static var samples: [Sample] {
    [[3, 37], [21], [2, 3, 4]].flatMap { shape in
      [(Graphs.Element.bool, Sample.Content.flags), (.float32, .uniform(0, 1))].map { element, content in
        Sample(
          Self(),
          [
            (TensorType(.float32, shape), .uniform(-4, 4)),
            (TensorType(.float32, shape), .uniform(-4, 4)),
            (TensorType(element, shape), content),
          ])
      }
    }
  }

  package func value(_ x: [Double]) -> Double { x[0] * (1 / (1 + exp(-x[1])) - x[2]) }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [
      ElementwiseInstruction(.sigmoid, temporary, sources[1]),
      ElementwiseInstruction(.subtract, temporary, temporary, sources[2]),
      ElementwiseInstruction(.multiply, result, sources[0], temporary),
    ]
  }
}
