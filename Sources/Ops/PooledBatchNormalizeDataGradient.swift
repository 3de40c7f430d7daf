import Graphs
import KernelContract

/// `BatchNormalizeDataGradient` of `MaxPool2DGradient`: dy [N, C, OH, OW], x [N, C, H, W], the elements y that `SignedMaxPool2D` chose of x,
/// mean, variance, gamma [C], the sums [2, C] → x's type.
package struct PooledBatchNormalizeDataGradient: NotDifferentiable {
  package static let name = "pooled_batch_normalize_data_gradient"
  package var window: Window2D
  package var epsilon: Double

  package init(window: Window2D, epsilon: Double) {
    self.window = window
    self.epsilon = epsilon
  }

  package static var samples: [Sample] {
    Window2D.samples.compactMap { sample in
      let types = [TensorType(.float32, sample.shape), TensorType(.float32, [sample.shape[1]])]
      let choice = SignedMaxPool2D(window: sample.window)
      guard let y = try? choice.resultType(types) else { return nil }
      return Sample(
        Self(window: sample.window, epsilon: 1e-5),
        [
          (y, .uniform(-1, 1)), (types[0], .uniform(-1, 1)),
          (y, .result(of: MaxPool2D(window: sample.window), operands: [1])), (types[1], .uniform(-1, 1)),
          (types[1], .uniform(0.1, 1)),
          (types[1], .uniform(0.5, 2)), (TensorType(.float32, [2, sample.shape[1]]), .uniform(-1, 1)),
        ])
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(7)
    let y = try window.resultType(operands[1])
    let channels = operands[1].shape[1]
    for operand in [0, 2] { try operands.expect(operand, shape: y.shape) }
    try operands.expectChannels(3..<6, channels)
    try operands.expect(6, shape: [2, channels])
    return operands[1]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let spread = WindowPlaces(x: operands[1].shape, window: window)
      .maximumGradient(dy: operands[0], x: operands[1], y: operands[2])
    return BatchNormalizeDataGradient(epsilon: epsilon).reference([spread, operands[1]] + operands[3...])
  }
}

extension PooledBatchNormalizeDataGradient: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: operands.map { .computed($0.type) }, result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let windows = PoolingLowering.windows(window, x: site.result, y: site.operands[0])
    let parameters = PooledNormalizationGradient(
      windows, sumStride: site.operands[6].rowStride, epsilon: epsilon)
    return Lowering(calls: [KernelCall(parameters, operands: site.operands(from: 0) + [.result])])
  }
}
