import Graphs
import KernelContract

/// The square root.
package struct SquareRoot: ElementwiseOp {
  package static let name = "square_root"
  package var operandCount: Int { 1 }
  package static let sampleOps = [SquareRoot()]
  package static let sampleContents: [Sample.Content] = [.uniform(0.1, 5)]

  package init() {}

  package func value(_ x: [Double]) -> Double { x[0].squareRoot() }

  package func instructions(_ sources: [UInt8], _ result: UInt8, _ temporary: UInt8) -> [ElementwiseInstruction] {
    [ElementwiseInstruction(.squareRoot, result, sources[0])]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let quotient = try builder.emit(Divide(), adjoint.gradient, adjoint.result)
    return [try builder.emit(Scale(factor: 0.5), quotient)]
  }
}
