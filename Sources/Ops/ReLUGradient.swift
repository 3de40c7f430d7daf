import Graphs
import KernelContract

/// The gradient of `ReLU`: of dy and y, `dy` where `y > 0`, else 0.
package struct ReLUGradient: ElementwiseOp, NotDifferentiable {
  package static let name = "relu_gradient"
  package var operandCount: Int { 2 }
  package static let sampleOps = [ReLUGradient()]

  package init() {}

  package func value(_ x: [Double]) -> Double { x[1] > 0 ? x[0] : 0 }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.reluGradient, result, sources[0], sources[1])]
  }
}
