import Graphs

/// `|x|`.
package struct Absolute: ElementwiseOp {
  package static let name = "absolute"
  package static let operandCount = 1
  package static let sampleOps = [Absolute()]

  package init() {}

  package func value(_ x: [Double]) -> Double { abs(x[0]) }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let sign = try builder.emit(Sign(), adjoint.operands[0])
    return [try builder.emit(Multiply(), adjoint.gradient, sign)]
  }
}
