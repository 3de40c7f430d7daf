import Graphs

/// `-x`.
package struct Negate: ElementwiseOp {
  package static let name = "negate"
  package static let operandCount = 1
  package static let sampleOps = [Negate()]

  package init() {}

  package func value(_ x: [Double]) -> Double { -x[0] }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(Negate(), adjoint.gradient)]
  }
}
