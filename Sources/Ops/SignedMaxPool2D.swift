import Graphs
import KernelContract

/// The element under each window that a batch normalisation with gamma makes the greatest: x [N, C, H, W], gamma [C] → [N, C, OH, OW]; the
/// greatest where gamma is positive, the least where it is negative, the first where it is zero. Normalising the result gives the
/// maximum of what is normalised, see `match`.
package struct SignedMaxPool2D: NotDifferentiable {
  package static let name = "signed_max_pool2d"
  package var window: Window2D

  package init(window: Window2D) { self.window = window }

  package static var samples: [Sample] {
    Window2D.samples.map { Sample(Self(window: $0.window), shapes: [$0.shape, [$0.shape[1]]]) }
      + [
        // Zeros and equal elements.
        Sample(
          Self(window: Window2D.samples[1].window),
          [
            (TensorType(.float32, Window2D.samples[1].shape), .integersFrom(-2, 3)),
            (TensorType(.float32, [Window2D.samples[1].shape[1]]), .integersFrom(-1, 2)),
          ])
      ]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(2)
    let result = try window.resultType(operands[0])
    try operands.expectChannels(1..<2, operands[0].shape[1])
    return result
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (x, gamma) = (operands[0], operands[1])
    let places = WindowPlaces(x: x.shape, window: window)
    var result = HostTensor(shape: places.y)
    var isFirst = [Bool](repeating: true, count: result.count)
    let image = places.y[2] * places.y[3]
    places.forEachPlace { from, to, _ in
      let sign = gamma.values[to / image % x.shape[1]]
      if isFirst[to] || (sign > 0 && x.values[from] > result.values[to])
        || (sign < 0 && x.values[from] < result.values[to])
      {
        result.values[to] = x.values[from]
      }
      isFirst[to] = false
    }
    return result
  }
}

extension SignedMaxPool2D: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: operands.map { .computed($0.type) }, result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let windows = PoolingLowering.windows(window, x: site.operands[0], y: site.result)
    return Lowering(calls: [KernelCall(SignedPooling(windows), operands: site.operands(from: 0) + [.result])])
  }
}
