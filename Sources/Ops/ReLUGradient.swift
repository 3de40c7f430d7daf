import Graphs

/// The gradient of `ReLU`: of dy and y, `dy` where `y > 0`, else 0.
package struct ReLUGradient: ElementwiseOp, NotDifferentiable {
  package static let name = "relu_gradient"
  package static let operandCount = 2
  package static let sampleOps = [ReLUGradient()]

  package init() {}

  package func value(_ x: [Double]) -> Double { x[1] > 0 ? x[0] : 0 }
}
