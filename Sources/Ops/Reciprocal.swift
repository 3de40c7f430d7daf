import Graphs
import KernelContract

/// `1 / x`.
package struct Reciprocal: ElementwiseOp {
  package static let name = "reciprocal"
  package var operandCount: Int { 1 }
  package static let sampleOps = [Reciprocal()]
  package static let sampleContents: [Sample.Content] = [.uniform(0.4, 3)]

  package init() {}

  package func value(_ x: [Double]) -> Double { 1 / x[0] }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.reciprocal, result, sources[0])]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let square = try builder.emit(Square(), adjoint.result)
    return [try builder.emit(Negate(), try builder.emit(Multiply(), adjoint.gradient, square))]
  }
}
