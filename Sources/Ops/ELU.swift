import Graphs
import KernelContract

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `x` where `x > 0`, else `alpha * (e^x - 1)`.
package struct ELU: ElementwiseOp {
  package static let name = "elu"
  package var operandCount: Int { 1 }
  package static let sampleOps = [ELU(alpha: 1), ELU(alpha: 0.3)]
  package static let sampleContents: [Sample.Content] = [.uniform(-4, 4)]
  package var alpha: Double

  package init(alpha: Double) { self.alpha = alpha }

  package func value(_ x: [Double]) -> Double { x[0] > 0 ? x[0] : alpha * expm1(x[0]) }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [
      ElementwiseInstruction(.clip, temporary, sources[0], immediate: -.infinity, secondImmediate: 0),
      ElementwiseInstruction(.exponential, temporary, temporary),
      ElementwiseInstruction(
        .multiplyAddImmediate, temporary, temporary, immediate: Float(alpha), secondImmediate: -Float(alpha)),
      ElementwiseInstruction(.relu, result, sources[0]),
      ElementwiseInstruction(.add, result, result, temporary),
    ]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(ELUGradient(alpha: alpha), adjoint.gradient, adjoint.result)]
  }
}
