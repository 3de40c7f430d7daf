import Graphs
import KernelContract

/// The gradient of `Sigmoid`: of dy and y, `dy * y * (1 - y)`.
package struct SigmoidGradient: ElementwiseOp, NotDifferentiable {
  package static let name = "sigmoid_gradient"
  package var operandCount: Int { 2 }
  package static let sampleOps = [SigmoidGradient()]
  package static let sampleContents: [Sample.Content] = [.uniform(-1, 1), .uniform(0.01, 0.99)]

  package init() {}

  package func value(_ x: [Double]) -> Double { x[0] * x[1] * (1 - x[1]) }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.sigmoidGradient, result, sources[0], sources[1])]
  }
}
