import Graphs

/// `x + amount`.
package struct Offset: ElementwiseOp {
  package static let name = "offset"
  package static let operandCount = 1
  package static let sampleOps = [Offset(amount: 1.7)]
  package var amount: Double

  package init(amount: Double) {
    self.amount = amount
  }

  package func value(_ x: [Double]) -> Double { x[0] + amount }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [adjoint.gradient]
  }
}
