import Graphs
import KernelContract

/// `x` held between two numbers; either may be infinite.
package struct Clip: ElementwiseOp {
  package static let name = "clip"
  package var operandCount: Int { 1 }
  package static let sampleOps = [Clip(low: -0.5, high: 0.25), Clip(low: -.infinity, high: 0.5)]
  package var low: Double
  package var high: Double

  package init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  package func value(_ x: [Double]) -> Double { min(max(x[0], low), high) }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.clip, result, sources[0], immediate: Float(low), secondImmediate: Float(high))]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(ClipGradient(low: low, high: high), adjoint.gradient, adjoint.operands[0])]
  }
}
