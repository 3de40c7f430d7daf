import Graphs
import KernelContract

/// The mean of each of `size` bins that share out the image: x [N, C, H, W] → [N, C, size[0], size[1]].
package struct AdaptiveAveragePool2D: Op {
  package static let name = "adaptive_average_pool2d"
  package var size: [Int]

  package init(size: [Int]) { self.size = size }

  package static var samples: [Sample] {
    WindowPlaces.adaptiveSamples.map { Sample(Self(size: $0.size), shapes: [$0.shape]) }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    return try adaptiveType(operands[0], size: size)
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let op = AdaptiveAveragePool2DGradient(inputShape: adjoint.operandTypes[0].shape)
    return [try builder.emit(op, adjoint.gradient)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let places = WindowPlaces(x: operands[0].shape, bins: size)
    var result = HostTensor(shape: places.y)
    places.forEachPlace { x, y, divisor in result.values[y] += operands[0].values[x] / Double(divisor) }
    return result
  }
}

/// The type of an adaptive pooling's result.
func adaptiveType(_ x: TensorType, size: [Int]) throws(ShapeError) -> TensorType {
  try [x].expectFloat(0)
  try [x].expect(0, rank: 4...4)
  if size.count != 2 { throw .attribute(name: "size", reason: "there must be two numbers") }
  for axis in 0..<2 {
    try expectAttribute("size", size[axis], atLeast: 1)
    if x.shape[2 + axis] < 1 { throw .windowTooLarge(axis: 2 + axis, window: 1, extent: x.shape[2 + axis]) }
  }
  return TensorType(.float32, [x.shape[0], x.shape[1], size[0], size[1]])
}

extension AdaptiveAveragePool2D: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    lowering.layouts(operands, result: result)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering { lowering.lower(site) }

  private var lowering: PoolingLowering {
    PoolingLowering(function: .average, window: nil)
  }
}
