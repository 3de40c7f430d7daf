import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `x Φ(x)` with the normal distribution Φ (Hendrycks and Gimpel 2016), or the approximation of it by tanh.
package struct GELU: ElementwiseOp {
  package static let name = "gelu"
  package var operandCount: Int { 1 }
  package static let sampleOps = [GELU(isApproximate: false), GELU(isApproximate: true)]
  package static let sampleContents: [Sample.Content] = [.uniform(-4, 4)]
  /// Whether Φ is taken as `½ (1 + tanh(√(2/π) (x + 0.044715 x³)))`.
  package var isApproximate: Bool

  package init(isApproximate: Bool) { self.isApproximate = isApproximate }

  package func value(_ x: [Double]) -> Double {
    let x = x[0]
    if isApproximate { return x / 2 * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))) }
    return x / 2 * (1 + erf(x / 2.0.squareRoot()))
  }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(isApproximate ? .geluTanh : .gelu, result, sources[0])]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(GELUGradient(isApproximate: isApproximate), adjoint.gradient, adjoint.operands[0])]
  }
}
