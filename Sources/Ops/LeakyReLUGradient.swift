import Graphs
import KernelContract

/// The gradient of `LeakyReLU`: of dy and x, `dy` where `x > 0`, else `slope * dy`.
package struct LeakyReLUGradient: ElementwiseOp, NotDifferentiable {
  package static let name = "leaky_relu_gradient"
  package var operandCount: Int { 2 }
  package static let sampleOps = [LeakyReLUGradient(slope: 0.1)]
  package var slope: Double

  package init(slope: Double) {
    self.slope = slope
  }

  package func value(_ x: [Double]) -> Double { x[1] > 0 ? x[0] : slope * x[0] }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.leakyReLUGradient, result, sources[0], sources[1], immediate: Float(slope))]
  }
}
