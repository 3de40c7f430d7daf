import Graphs
import KernelContract

/// The gradient of `AdaptiveAveragePool2D`: dy → x's type.
package struct AdaptiveAveragePool2DGradient: NotDifferentiable {
  package static let name = "adaptive_average_pool2d_gradient"
  package var inputShape: [Int]

  package init(inputShape: [Int]) { self.inputShape = inputShape }

  package static var samples: [Sample] {
    WindowPlaces.adaptiveSamples.map {
      Sample(Self(inputShape: $0.shape), shapes: [[$0.shape[0], $0.shape[1], $0.size[0], $0.size[1]]])
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expect(0, rank: 4...4)
    let x = TensorType(.float32, inputShape)
    let y = try adaptiveType(x, size: Array(operands[0].shape[2...]))
    try operands.expect(0, shape: y.shape)
    return x
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    var result = HostTensor(shape: inputShape)
    WindowPlaces(x: inputShape, bins: Array(operands[0].shape[2...])).forEachPlace { x, y, divisor in
      result.values[x] += operands[0].values[y] / Double(divisor)
    }
    return result
  }
}

extension AdaptiveAveragePool2DGradient: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    lowering.gradientLayouts(operands, result: result)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering { lowering.lowerGradient(site) }

  private var lowering: PoolingLowering {
    PoolingLowering(function: .average, window: nil)
  }
}
