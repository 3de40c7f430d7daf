import Graphs
import KernelContract

/// The gradient of `AdaptiveMaxPool2D`: of dy, x and y, each element of dy goes to the first greatest element of its bin.
package struct AdaptiveMaxPool2DGradient: NotDifferentiable {
  package static let name = "adaptive_max_pool2d_gradient"

  package init() {}

  package static var samples: [Sample] {
    WindowPlaces.adaptiveSamples.map {
      let y = TensorType(.float32, [$0.shape[0], $0.shape[1], $0.size[0], $0.size[1]])
      return Sample(
        Self(),
        [
          (y, .uniform(-1, 1)), (TensorType(.float32, $0.shape), .uniform(-1, 1)),
          (y, .result(of: AdaptiveMaxPool2D(size: $0.size), operands: [1])),
        ])
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(3)
    try operands.expect(0, rank: 4...4)
    let y = try adaptiveType(operands[1], size: Array(operands[0].shape[2...]))
    try operands.expect(0, shape: y.shape)
    try operands.expect(2, shape: y.shape)
    return operands[1]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    WindowPlaces(x: operands[1].shape, bins: Array(operands[0].shape[2...]))
      .maximumGradient(dy: operands[0], x: operands[1], y: operands[2])
  }
}

extension AdaptiveMaxPool2DGradient: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    lowering.gradientLayouts(operands, result: result)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering { lowering.lowerGradient(site) }

  private var lowering: PoolingLowering {
    PoolingLowering(function: .maximum, window: nil)
  }
}
