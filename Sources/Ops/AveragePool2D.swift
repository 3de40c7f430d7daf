import Graphs
import KernelContract

/// The mean under each window: x [N, C, H, W] → [N, C, OH, OW].
package struct AveragePool2D: Op {
  package static let name = "average_pool2d"
  package var window: Window2D
  /// Whether the zeros of the padding count in the divisor (PyTorch's `count_include_pad`).
  package var countPadding: Bool

  package init(window: Window2D, countPadding: Bool) {
    self.window = window
    self.countPadding = countPadding
  }

  package static var samples: [Sample] {
    Window2D.samples.flatMap { sample in
      [true, false].map { Sample(Self(window: sample.window, countPadding: $0), shapes: [sample.shape]) }
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    return try window.resultType(operands[0])
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let op = AveragePool2DGradient(
      window: window, countPadding: countPadding, inputShape: adjoint.operandTypes[0].shape)
    return [try builder.emit(op, adjoint.gradient)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let places = WindowPlaces(x: operands[0].shape, window: window, countPadding: countPadding)
    var result = HostTensor(shape: places.y)
    places.forEachPlace { x, y, divisor in result.values[y] += operands[0].values[x] / Double(divisor) }
    return result
  }
}

extension AveragePool2D: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    lowering.layouts(operands, result: result)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering { lowering.lower(site) }

  private var lowering: PoolingLowering {
    PoolingLowering(function: countPadding ? .paddedAverage : .average, window: window)
  }
}
