import Graphs
import KernelContract

/// `a / b`, elementwise.
package struct Divide: ElementwiseOp {
  package static let name = "divide"
  package var operandCount: Int { 2 }
  package static let sampleOps = [Divide()]
  package static let sampleContents: [Sample.Content] = [.uniform(-1, 1), .uniform(0.5, 2)]

  package init() {}

  package func value(_ x: [Double]) -> Double { x[0] / x[1] }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.divide, result, sources[0], sources[1])]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let quotient = try builder.emit(Divide(), adjoint.gradient, adjoint.operands[1])
    guard adjoint.needed[1] else { return [quotient, nil] }
    return [quotient, try builder.emit(Negate(), try builder.emit(Multiply(), quotient, adjoint.result))]
  }
}
