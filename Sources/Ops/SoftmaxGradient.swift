import Graphs
import KernelContract

/// The gradient of `Softmax`: of dy and y, `y * (dy - Σ dy * y)`, the sum along `axis`.
package struct SoftmaxGradient: NotDifferentiable {
  package static let name = "softmax_gradient"
  package var axis: Int

  package init(axis: Int) { self.axis = axis }

  package static var samples: [Sample] {
    softmaxSamples.map { Sample(Self(axis: $0.axis), shapes: [$0.shape, $0.shape]) }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(2)
    try operands.expectFloat(0)
    try expectAxis(axis, rank: operands[0].rank)
    try operands.expect(1, shape: operands[0].shape)
    return operands[0]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (dy, y) = (operands[0], operands[1])
    var result = dy
    y.forEachLine(axis) { places in
      let sum = places.reduce(0) { $0 + dy.values[$1] * y.values[$1] }
      for place in places { result.values[place] = y.values[place] * (dy.values[place] - sum) }
    }
    return result
  }
}

extension SoftmaxGradient: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands[1].axes
    return LayoutDecision(operands: [layout, layout], result: layout)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let call = softmaxCall(
      site.operands[1], axis: axis, isGradient: true, operands: [.operand(0), .operand(1), .result])
    return Lowering(calls: [call], mayOverwrite: [0, 1])
  }
}
