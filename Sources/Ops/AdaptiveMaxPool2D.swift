import Graphs

/// The greatest element of each of `size` bins that share out the image: x [N, C, H, W] → [N, C, size[0], size[1]].
package struct AdaptiveMaxPool2D: Op {
  package static let name = "adaptive_max_pool2d"
  package var size: [Int]

  package init(size: [Int]) { self.size = size }

  package static var samples: [Sample] {
    Pooling.adaptiveSamples.map { Sample(Self(size: $0.size), shapes: [$0.shape]) }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    return try adaptiveType(operands[0], size: size)
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(AdaptiveMaxPool2DGradient(), adjoint.gradient, adjoint.operands[0], adjoint.result)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let pooling = Pooling(x: operands[0].shape, bins: size)
    var result = HostTensor(shape: pooling.y, repeating: -.infinity)
    pooling.forEachPlace { x, y, _ in result.values[y] = max(result.values[y], operands[0].values[x]) }
    return result
  }
}
