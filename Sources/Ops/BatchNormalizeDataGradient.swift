import Graphs
import KernelContract

/// The gradient of `BatchNormalize` for x, whose statistics mean and variance are: of dy, x [N, C, ...], mean, variance,
/// gamma [C] and the sums [2, C] of `BatchNormalizeGradientSums`,
/// `gamma / sqrt(variance + epsilon) * (dy - sums[0] / n - x̂ * sums[1] / n)`, n the numbers per channel.
package struct BatchNormalizeDataGradient: NotDifferentiable {
  package static let name = "batch_normalize_data_gradient"
  package var epsilon: Double

  package init(epsilon: Double) { self.epsilon = epsilon }

  package static var samples: [Sample] {
    batchSampleShapes.map { shape in
      Sample(
        Self(epsilon: 1e-5),
        [(TensorType(.float32, shape), .uniform(-1, 1))] + batchSampleOperands(shape).prefix(4)
          + [(TensorType(.float32, [2, shape[1]]), .uniform(-1, 1))])
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(6)
    let channels = try operands.channelType().shape[0]
    try operands.expect(1, shape: operands[0].shape)
    try operands.expectChannels(2..<5, channels)
    try operands.expect(5, shape: [2, channels])
    return operands[0]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (dy, x, mean, variance) = (operands[0], operands[1], operands[2], operands[3])
    let (gamma, sums) = (operands[4], operands[5])
    let (outer, channels, inner) = x.around(1)
    let count = Double(outer * inner)
    var result = dy
    for index in x.values.indices {
      let channel = index / inner % channels
      let scale = 1 / (variance.values[channel] + epsilon).squareRoot()
      let normalised = (x.values[index] - mean.values[channel]) * scale
      let centred =
        dy.values[index] - sums.values[channel] / count - normalised * sums.values[channels + channel] / count
      result.values[index] = gamma.values[channel] * scale * centred
    }
    return result
  }
}

extension BatchNormalizeDataGradient: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let layout = operands[1].channelRows
    let layouts = operands.indices.map { $0 < 2 ? layout : .computed(operands[$0].type) }
    return LayoutDecision(operands: layouts, result: layout)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let x = try site.operands[1].channelRows(for: name)
    let parameters = BatchNormalizationGradient(
      rows: x.rows, channels: x.columns, rowStride: x.rowStride, sumStride: site.operands[5].rowStride,
      epsilon: epsilon)
    return Lowering(
      calls: [KernelCall(parameters, operands: site.operands(from: 0) + [.result])], mayOverwrite: [0, 1])
  }
}
