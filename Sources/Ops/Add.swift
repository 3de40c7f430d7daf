import Graphs

/// `a + b`.
package struct Add: ElementwiseOp {
  package static let name = "add"
  package static let operandCount = 2
  package static let sampleOps = [Add()]

  package init() {}

  package func value(_ x: [Double]) -> Double { x[0] + x[1] }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [adjoint.gradient, adjoint.gradient]
  }
}
