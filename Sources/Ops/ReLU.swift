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
    // A maximum is positive if and only if the element that it came from is: after a max pooling, the gradient is masked
    // before it is spread over the larger image.
    let upstream = builder.graph[adjoint.gradient]
    if let op = upstream.op, op is MaxPool2DGradient || op is AdaptiveMaxPool2DGradient,
      upstream.operands[1] == adjoint.result
    {
      let masked = try builder.emit(ReLUGradient(), upstream.operands[0], upstream.operands[2])
      return [try builder.emit(op, masked, upstream.operands[1], upstream.operands[2])]
    }
    return [try builder.emit(ReLUGradient(), adjoint.gradient, adjoint.result)]
  }
}
