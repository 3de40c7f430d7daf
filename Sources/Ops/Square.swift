import Graphs
import KernelContract

/// `x * x`.
package struct Square: ElementwiseOp {
  package static let name = "square"
  package var operandCount: Int { 1 }
  package static let sampleOps = [Square()]

  package init() {}

  package func value(_ x: [Double]) -> Double { x[0] * x[0] }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.square, result, sources[0])]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let product = try builder.emit(Multiply(), adjoint.gradient, adjoint.operands[0])
    return [try builder.emit(Scale(factor: 2), product)]
  }
}
