import Graphs
import KernelContract

/// `a * b`, elementwise.
package struct Multiply: ElementwiseOp {
  package static let name = "multiply"
  package var operandCount: Int { 2 }
  package static let sampleOps = [Multiply()]

  package init() {}

  package func value(_ x: [Double]) -> Double { x[0] * x[1] }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.multiply, result, sources[0], sources[1])]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let (a, b) = (adjoint.operands[0], adjoint.operands[1])
    return [
      adjoint.needed[0] ? try builder.emit(Multiply(), adjoint.gradient, b) : nil,
      adjoint.needed[1] ? try builder.emit(Multiply(), adjoint.gradient, a) : nil,
    ]
  }
}
