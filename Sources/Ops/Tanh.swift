import Graphs

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The hyperbolic tangent.
package struct Tanh: ElementwiseOp {
  package static let name = "tanh"
  package static let operandCount = 1
  package static let sampleOps = [Tanh()]
  package static let sampleContents: [Sample.Content] = [.uniform(-3, 3)]

  package init() {}

  package func value(_ x: [Double]) -> Double { tanh(x[0]) }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(TanhGradient(), adjoint.gradient, adjoint.result)]
  }
}
