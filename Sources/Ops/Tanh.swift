import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The hyperbolic tangent.
package struct Tanh: ElementwiseOp {
  package static let name = "tanh"
  package var operandCount: Int { 1 }
  package static let sampleOps = [Tanh()]
  package static let sampleContents: [Sample.Content] = [.uniform(-3, 3)]

  package init() {}

  package func value(_ x: [Double]) -> Double { tanh(x[0]) }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.tanh, result, sources[0])]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(TanhGradient(), adjoint.gradient, adjoint.result)]
  }
}
