import Graphs
import KernelContract

/// The gradient of `MaxPool2D`: of dy, x and y, each element of dy goes to the first greatest element under its window.
package struct MaxPool2DGradient: NotDifferentiable {
  package static let name = "max_pool2d_gradient"
  package var window: Window2D

  package init(window: Window2D) { self.window = window }

  /// The result y is no free operand: the tests compute it.
  package static var samples: [Sample] {
    Window2D.samples.compactMap { sample in
      guard let y = try? sample.window.resultType(TensorType(.float32, sample.shape)) else { return nil }
      return Sample(
        Self(window: sample.window),
        [
          (y, .uniform(-1, 1)), (TensorType(.float32, sample.shape), .uniform(-1, 1)),
          (y, .result(of: MaxPool2D(window: sample.window), operands: [1])),
        ])
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(3)
    let y = try window.resultType(operands[1])
    try operands.expect(0, shape: y.shape)
    try operands.expect(2, shape: y.shape)
    return operands[1]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    WindowPlaces(x: operands[1].shape, window: window)
      .maximumGradient(dy: operands[0], x: operands[1], y: operands[2])
  }
}

extension MaxPool2DGradient: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    lowering.gradientLayouts(operands, result: result)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering { lowering.lowerGradient(site) }

  private var lowering: PoolingLowering {
    PoolingLowering(function: .maximum, window: window)
  }
}
