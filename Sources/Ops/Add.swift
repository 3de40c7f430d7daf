import Graphs
import KernelContract

/// `a + b`.
package struct Add: ElementwiseOp {
  package static let name = "add"
  package var operandCount: Int { 2 }
  package static let sampleOps = [Add()]

  package init() {}

  package func value(_ x: [Double]) -> Double { x[0] + x[1] }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.add, result, sources[0], sources[1])]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [adjoint.gradient, adjoint.gradient]
  }
}
