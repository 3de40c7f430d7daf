import Graphs
import KernelContract

/// The greatest element under each window: x [N, C, H, W] → [N, C, OH, OW]. Padding never wins.
package struct MaxPool2D: Op {
  package static let name = "max_pool2d"
  package var window: Window2D
  /// Why the convolution before it does not pool; see `Conv2DMaxPool`.
  package var reason: String

  package init(window: Window2D, reason: String = "") {
    self.window = window
    self.reason = reason
  }

  package static var samples: [Sample] {
    Window2D.samples.map { Sample(Self(window: $0.window), shapes: [$0.shape]) }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    return try window.resultType(operands[0])
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(MaxPool2DGradient(window: window), adjoint.gradient, adjoint.operands[0], adjoint.result)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let places = WindowPlaces(x: operands[0].shape, window: window)
    var result = HostTensor(shape: places.y, repeating: -.infinity)
    places.forEachPlace { x, y, _ in result.values[y] = max(result.values[y], operands[0].values[x]) }
    return result
  }
}

extension MaxPool2D: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    lowering.layouts(operands, result: result)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    var result = lowering.lower(site)
    if !reason.isEmpty { result.note = "a pass of its own: \(reason)" }
    return result
  }

  private var lowering: PoolingLowering {
    PoolingLowering(function: .maximum, window: window)
  }
}
