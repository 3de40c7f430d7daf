import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `1 / (1 + e^-x)`.
package struct Sigmoid: ElementwiseOp {
  package static let name = "sigmoid"
  package var operandCount: Int { 1 }
  package static let sampleOps = [Sigmoid()]
  package static let sampleContents: [Sample.Content] = [.uniform(-4, 4)]

  package init() {}

  package func value(_ x: [Double]) -> Double { 1 / (1 + exp(-x[0])) }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.sigmoid, result, sources[0])]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(SigmoidGradient(), adjoint.gradient, adjoint.result)]
  }
}
