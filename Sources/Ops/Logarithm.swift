import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The natural logarithm.
package struct Logarithm: ElementwiseOp {
  package static let name = "logarithm"
  package var operandCount: Int { 1 }
  package static let sampleOps = [Logarithm()]
  package static let sampleContents: [Sample.Content] = [.uniform(0.1, 5)]

  package init() {}

  package func value(_ x: [Double]) -> Double { log(x[0]) }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.logarithm, result, sources[0])]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(Divide(), adjoint.gradient, adjoint.operands[0])]
  }
}
