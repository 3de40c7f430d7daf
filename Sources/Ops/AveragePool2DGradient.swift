import Graphs
import KernelContract

/// The gradient of `AveragePool2D`: each element of dy, divided as the mean was, goes to all places under its window.
package struct AveragePool2DGradient: NotDifferentiable {
  package static let name = "average_pool2d_gradient"
  package var window: Window2D
  package var countPadding: Bool
  package var inputShape: [Int]

  package init(window: Window2D, countPadding: Bool, inputShape: [Int]) {
    self.window = window
    self.countPadding = countPadding
    self.inputShape = inputShape
  }

  package static var samples: [Sample] {
    Window2D.samples.flatMap { sample -> [Sample] in
      guard let y = try? sample.window.resultType(TensorType(.float32, sample.shape)) else { return [] }
      return [true, false].map {
        Sample(Self(window: sample.window, countPadding: $0, inputShape: sample.shape), shapes: [y.shape])
      }
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    let y = try window.resultType(TensorType(.float32, inputShape))
    try operands.expect(0, shape: y.shape)
    return TensorType(.float32, inputShape)
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    var result = HostTensor(shape: inputShape)
    WindowPlaces(x: inputShape, window: window, countPadding: countPadding).forEachPlace { x, y, divisor in
      result.values[x] += operands[0].values[y] / Double(divisor)
    }
    return result
  }
}

extension AveragePool2DGradient: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    lowering.gradientLayouts(operands, result: result)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering { lowering.lowerGradient(site) }

  private var lowering: PoolingLowering {
    PoolingLowering(function: countPadding ? .paddedAverage : .average, window: window)
  }
}
