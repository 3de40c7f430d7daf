import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The gradient of `GELU`: of dy and x, dy times the slope at x.
package struct GELUGradient: ElementwiseOp, NotDifferentiable {
  package static let name = "gelu_gradient"
  package var operandCount: Int { 2 }
  package static let sampleOps = [GELUGradient(isApproximate: false), GELUGradient(isApproximate: true)]
  package static let sampleContents: [Sample.Content] = [.uniform(-1, 1), .uniform(-2.5, 4)]
  package var isApproximate: Bool

  package init(isApproximate: Bool) { self.isApproximate = isApproximate }

  package func value(_ x: [Double]) -> Double {
    let (dy, x) = (x[0], x[1])
    if isApproximate {
      let root = (2 / Double.pi).squareRoot()
      let t = tanh(root * (x + 0.044715 * x * x * x))
      return dy * ((1 + t) / 2 + x / 2 * (1 - t * t) * root * (1 + 3 * 0.044715 * x * x))
    }
    return dy * ((1 + erf(x / 2.0.squareRoot())) / 2 + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot())
  }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(isApproximate ? .geluTanhGradient : .geluGradient, result, sources[0], sources[1])]
  }
}
