import Graphs
import KernelContract

/// `factor * x`.
package struct Scale: ElementwiseOp {
  package static let name = "scale"
  package var operandCount: Int { 1 }
  package static let sampleOps = [Scale(factor: -0.3)]
  package var factor: Double

  package init(factor: Double) {
    self.factor = factor
  }

  package func value(_ x: [Double]) -> Double { factor * x[0] }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.multiplyImmediate, result, sources[0], immediate: Float(factor))]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(Scale(factor: factor), adjoint.gradient)]
  }
}
