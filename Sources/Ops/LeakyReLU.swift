import Graphs
import KernelContract

/// `x` where `x > 0`, else `slope * x`.
package struct LeakyReLU: ElementwiseOp {
  package static let name = "leaky_relu"
  package var operandCount: Int { 1 }
  package static let sampleOps = [LeakyReLU(slope: 0.1)]
  package var slope: Double

  package init(slope: Double) {
    self.slope = slope
  }

  package func value(_ x: [Double]) -> Double { x[0] > 0 ? x[0] : slope * x[0] }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.leakyReLU, result, sources[0], immediate: Float(slope))]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(LeakyReLUGradient(slope: slope), adjoint.gradient, adjoint.operands[0])]
  }
}
