import Graphs
import KernelContract

/// The greatest element of each of `size` bins that share out the image: x [N, C, H, W] → [N, C, size[0], size[1]].
package struct AdaptiveMaxPool2D: Op {
  package static let name = "adaptive_max_pool2d"
  package var size: [Int]

  package init(size: [Int]) { self.size = size }

  package static var samples: [Sample] {
    WindowPlaces.adaptiveSamples.map { Sample(Self(size: $0.size), shapes: [$0.shape]) }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    return try adaptiveType(operands[0], size: size)
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(AdaptiveMaxPool2DGradient(), adjoint.gradient, adjoint.operands[0], adjoint.result)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let places = WindowPlaces(x: operands[0].shape, bins: size)
    var result = HostTensor(shape: places.y, repeating: -.infinity)
    places.forEachPlace { x, y, _ in result.values[y] = max(result.values[y], operands[0].values[x]) }
    return result
  }
}

extension AdaptiveMaxPool2D: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    lowering.layouts(operands, result: result)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering { lowering.lower(site) }

  private var lowering: PoolingLowering {
    PoolingLowering(function: .maximum, window: nil)
  }
}
