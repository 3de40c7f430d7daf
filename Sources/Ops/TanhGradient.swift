import Graphs
import KernelContract

/// The gradient of `Tanh`: of dy and y, `dy * (1 - y * y)`.
package struct TanhGradient: ElementwiseOp, NotDifferentiable {
  package static let name = "tanh_gradient"
  package var operandCount: Int { 2 }
  package static let sampleOps = [TanhGradient()]
  package static let sampleContents: [Sample.Content] = [.uniform(-1, 1), .uniform(-0.99, 0.99)]

  package init() {}

  package func value(_ x: [Double]) -> Double { x[0] * (1 - x[1] * x[1]) }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.tanhGradient, result, sources[0], sources[1])]
  }
}
