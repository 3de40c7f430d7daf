import Graphs
import KernelContract

/// Mean and biased variance of each channel from one reading: x [N, C, ...] → [2, C], row 0 the means. It passes no
/// gradient: `BatchNormalize` is differentiated as a whole.
package struct BatchStatistics: Op {
  package static let name = "batch_statistics"

  package init() {}

  package static var samples: [Sample] {
    batchSampleShapes.map { Sample(Self(), shapes: [$0], checksGradient: false) }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    return TensorType(.float32, [2, try operands.channelType().shape[0]])
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] { [nil] }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let x = operands[0]
    let (outer, channels, inner) = x.around(1)
    let count = Double(outer * inner)
    var result = HostTensor(shape: [2, channels])
    for index in x.values.indices { result.values[index / inner % channels] += x.values[index] / count }
    for index in x.values.indices {
      let channel = index / inner % channels
      let distance = x.values[index] - result.values[channel]
      result.values[channels + channel] += distance * distance / count
    }
    return result
  }
}

extension BatchStatistics: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [operands[0].channelRows], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let x = try site.operands[0].channelRows(for: name)
    return Lowering(
      ChannelSums.sequence(
        .statistics, rows: x.rows, channels: x.columns, rowStride: x.rowStride,
        resultStride: site.result.rowStride))
  }
}
