import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The gradient of `SiLU`: of dy and x, dy times the slope at x, `s (1 + x (1 - s))` with s = sigmoid(x).
package struct SiLUGradient: ElementwiseOp, NotDifferentiable {
  package static let name = "silu_gradient"
  package var operandCount: Int { 2 }
  package static let sampleOps = [SiLUGradient()]
  package static let sampleContents: [Sample.Content] = [.uniform(-1, 1), .uniform(-6, 6)]

  package init() {}

  package func value(_ x: [Double]) -> Double {
    let sigmoid = 1 / (1 + exp(-x[1]))
    return x[0] * sigmoid * (1 + x[1] * (1 - sigmoid))
  }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.siluGradient, result, sources[0], sources[1])]
  }
}
