import Graphs
import KernelContract

/// `x + amount`.
package struct Offset: ElementwiseOp {
  package static let name = "offset"
  package var operandCount: Int { 1 }
  package static let sampleOps = [Offset(amount: 1.7)]
  package var amount: Double

  package init(amount: Double) {
    self.amount = amount
  }

  package func value(_ x: [Double]) -> Double { x[0] + amount }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.addImmediate, result, sources[0], immediate: Float(amount))]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [adjoint.gradient]
  }
}
