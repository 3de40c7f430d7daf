import Graphs
import KernelContract

/// The biased variance of each channel: x [N, C, ...], its mean [C] → [C]. It passes no gradient: `BatchNormalize` is
/// differentiated as a whole.
package struct BatchVariance: Op {
  package static let name = "batch_variance"

  package init() {}

  package static var samples: [Sample] {
    batchSampleShapes.map { shape in
      let x = TensorType(.float32, shape)
      let mean = TensorType(.float32, [shape[1]])
      return Sample(
        Self(), [(x, .uniform(-1, 1)), (mean, .result(of: BatchMean(), operands: [0]))], checksGradient: false)
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(2)
    let result = try operands.channelType()
    try operands.expectChannels(1..<2, result.shape[0])
    return result
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [nil, nil]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (x, mean) = (operands[0], operands[1])
    let (outer, channels, inner) = x.around(1)
    var result = HostTensor(shape: [channels])
    for index in x.values.indices {
      let channel = index / inner % channels
      let distance = x.values[index] - mean.values[channel]
      result.values[channel] += distance * distance / Double(outer * inner)
    }
    return result
  }
}

extension BatchVariance: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [operands[0].channelRows, .computed(result)], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let x = try site.operands[0].channelRows(for: name)
    return Lowering(ChannelSums.sequence(.variance, rows: x.rows, channels: x.columns, rowStride: x.rowStride))
  }
}
