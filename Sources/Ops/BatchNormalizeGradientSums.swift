import Graphs
import KernelContract

/// What the gradient of `BatchNormalize` sums over each channel: dy, x [N, C, ...], mean, variance [C] → [2, C], row 0 the
/// sum of dy (beta's gradient), row 1 that of dy times the normalised x (gamma's gradient).
package struct BatchNormalizeGradientSums: NotDifferentiable {
  package static let name = "batch_normalize_gradient_sums"
  package var epsilon: Double

  package init(epsilon: Double) { self.epsilon = epsilon }

  package static var samples: [Sample] {
    batchSampleShapes.map { shape in
      Sample(
        Self(epsilon: 1e-5), [(TensorType(.float32, shape), .uniform(-1, 1))] + batchSampleOperands(shape).prefix(3))
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(4)
    let channels = try operands.channelType().shape[0]
    try operands.expect(1, shape: operands[0].shape)
    try operands.expectChannels(2..<4, channels)
    return TensorType(.float32, [2, channels])
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (dy, x, mean, variance) = (operands[0], operands[1], operands[2], operands[3])
    let (_, channels, inner) = x.around(1)
    var result = HostTensor(shape: [2, channels])
    for index in x.values.indices {
      let channel = index / inner % channels
      let normalised =
        (x.values[index] - mean.values[channel]) / (variance.values[channel] + epsilon).squareRoot()
      result.values[channel] += dy.values[index]
      result.values[channels + channel] += dy.values[index] * normalised
    }
    return result
  }
}

extension BatchNormalizeGradientSums: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands[1].channelRows
    let layouts = operands.indices.map { $0 < 2 ? layout : .computed(operands[$0].type) }
    return LayoutDecision(operands: layouts, result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let x = try site.operands[1].channelRows(for: name)
    return Lowering(
      ChannelSums.sequence(
        .gradient, rows: x.rows, channels: x.columns, rowStride: x.rowStride, resultStride: site.result.rowStride,
        epsilon: epsilon))
  }
}
