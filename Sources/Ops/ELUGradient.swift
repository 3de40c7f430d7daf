import Graphs
import KernelContract

/// The gradient of `ELU`: of dy and the result y, `dy` where `y > 0`, else `dy * (y + alpha)`.
package struct ELUGradient: ElementwiseOp, NotDifferentiable {
  package static let name = "elu_gradient"
  package var operandCount: Int { 2 }
  package static let sampleOps = [ELUGradient(alpha: 1), ELUGradient(alpha: 0.3)]
  package var alpha: Double

  package init(alpha: Double) { self.alpha = alpha }

  package func value(_ x: [Double]) -> Double { x[1] > 0 ? x[0] : x[0] * (x[1] + alpha) }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [
      ElementwiseInstruction(.addImmediate, temporary, sources[1], immediate: Float(alpha)),
      ElementwiseInstruction(.multiply, temporary, temporary, sources[0]),
      // Not zero exactly where y is positive.
      ElementwiseInstruction(.relu, result, sources[1]),
      ElementwiseInstruction(.select, result, result, sources[0], temporary),
    ]
  }
}
