import Graphs
import KernelContract

/// `-x`.
package struct Negate: ElementwiseOp {
  package static let name = "negate"
  package var operandCount: Int { 1 }
  package static let sampleOps = [Negate()]

  package init() {}

  package func value(_ x: [Double]) -> Double { -x[0] }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.negate, result, sources[0])]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(Negate(), adjoint.gradient)]
  }
}
