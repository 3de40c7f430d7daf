import Graphs

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `e^x`.
package struct Exponential: ElementwiseOp {
  package static let name = "exponential"
  package static let operandCount = 1
  package static let sampleOps = [Exponential()]
  package static let sampleContents: [Sample.Content] = [.uniform(-4, 4)]

  package init() {}

  package func value(_ x: [Double]) -> Double { exp(x[0]) }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(Multiply(), adjoint.gradient, adjoint.result)]
  }
}
