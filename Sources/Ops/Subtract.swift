import Graphs

/// `a - b`.
package struct Subtract: ElementwiseOp {
  package static let name = "subtract"
  package static let operandCount = 2
  package static let sampleOps = [Subtract()]

  package init() {}

  package func value(_ x: [Double]) -> Double { x[0] - x[1] }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [adjoint.gradient, adjoint.needed[1] ? try builder.emit(Negate(), adjoint.gradient) : nil]
  }
}
