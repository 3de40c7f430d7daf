import Graphs
import KernelContract

/// `max(x, 0)`.
package struct ReLU: ElementwiseOp {
  package static let name = "relu"
  package var operandCount: Int { 1 }
  package static let sampleOps = [ReLU()]

  package init() {}

  package func value(_ x: [Double]) -> Double { max(x[0], 0) }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.relu, result, sources[0])]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(ReLUGradient(), adjoint.gradient, adjoint.result)]
  }
}
