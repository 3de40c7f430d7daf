import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `x / (1 + e^-x)`, also called swish.
package struct SiLU: ElementwiseOp {
  package static let name = "silu"
  package var operandCount: Int { 1 }
  package static let sampleOps = [SiLU()]
  package static let sampleContents: [Sample.Content] = [.uniform(-6, 6)]

  package init() {}

  package func value(_ x: [Double]) -> Double { x[0] / (1 + exp(-x[0])) }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.silu, result, sources[0])]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(SiLUGradient(), adjoint.gradient, adjoint.operands[0])]
  }
}
