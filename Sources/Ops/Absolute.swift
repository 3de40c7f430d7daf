import Graphs
import KernelContract

/// `|x|`.
package struct Absolute: ElementwiseOp {
  package static let name = "absolute"
  package var operandCount: Int { 1 }
  package static let sampleOps = [Absolute()]

  package init() {}

  package func value(_ x: [Double]) -> Double { abs(x[0]) }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.absolute, result, sources[0])]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let sign = try builder.emit(Sign(), adjoint.operands[0])
    return [try builder.emit(Multiply(), adjoint.gradient, sign)]
  }
}
