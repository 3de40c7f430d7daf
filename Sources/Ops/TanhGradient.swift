import Graphs

/// The gradient of `Tanh`: of dy and y, `dy * (1 - y * y)`.
package struct TanhGradient: ElementwiseOp, NotDifferentiable {
  package static let name = "tanh_gradient"
  package static let operandCount = 2
  package static let sampleOps = [TanhGradient()]
  package static let sampleContents: [Sample.Content] = [.uniform(-1, 1), .uniform(-0.99, 0.99)]

  package init() {}

  package func value(_ x: [Double]) -> Double { x[0] * (1 - x[1] * x[1]) }
}
