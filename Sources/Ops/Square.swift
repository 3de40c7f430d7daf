import Graphs

/// `x * x`.
package struct Square: ElementwiseOp {
  package static let name = "square"
  package static let operandCount = 1
  package static let sampleOps = [Square()]

  package init() {}

  package func value(_ x: [Double]) -> Double { x[0] * x[0] }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let product = try builder.emit(Multiply(), adjoint.gradient, adjoint.operands[0])
    return [try builder.emit(Scale(factor: 2), product)]
  }
}
