import Graphs
import KernelContract

/// -1, 0 or 1, as `x` is negative, zero or positive. It is constant nearly everywhere, so it passes no gradient.
package struct Sign: ElementwiseOp {
  package static let name = "sign"
  package var operandCount: Int { 1 }
  package static let sampleOps = [Sign()]

  package init() {}

  package func value(_ x: [Double]) -> Double { x[0] > 0 ? 1 : x[0] < 0 ? -1 : 0 }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.sign, result, sources[0])]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [nil]
  }
}
