import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `e^x`.
package struct Exponential: ElementwiseOp {
  package static let name = "exponential"
  package var operandCount: Int { 1 }
  package static let sampleOps = [Exponential()]
  package static let sampleContents: [Sample.Content] = [.uniform(-4, 4)]

  package init() {}

  package func value(_ x: [Double]) -> Double { exp(x[0]) }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.exponential, result, sources[0])]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(Multiply(), adjoint.gradient, adjoint.result)]
  }
}
