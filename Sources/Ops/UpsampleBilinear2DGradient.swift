import Graphs
import KernelContract

/// The gradient of `UpsampleBilinear2D`: dy [N, C, H * f0, W * f1] → [N, C, H, W].
package struct UpsampleBilinear2DGradient: NotDifferentiable {
  package static let name = "upsample_bilinear2d_gradient"
  package var factor: [Int]

  package init(factor: [Int]) { self.factor = factor }

  package static var samples: [Sample] {
    UpsampleNearest2D.sampleShapes.map { factor, x in
      Sample(Self(factor: factor), shapes: [[x[0], x[1], x[2] * factor[0], x[3] * factor[1]]])
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expectFloat(0)
    try operands.expect(0, rank: 4...4)
    if factor.count != 2 { throw .attribute(name: "factor", reason: "there must be two numbers") }
    var shape = operands[0].shape
    for axis in 0..<2 {
      try expectAttribute("factor", factor[axis], atLeast: 1)
      if shape[2 + axis] % factor[axis] != 0 {
        throw .notDivisible(what: "positions", value: shape[2 + axis], by: factor[axis])
      }
      shape[2 + axis] /= factor[axis]
    }
    return TensorType(.float32, shape)
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let dy = operands[0]
    var result = HostTensor(shape: [dy.shape[0], dy.shape[1], dy.shape[2] / factor[0], dy.shape[3] / factor[1]])
    UpsampleBilinear2D(factor: factor).forEachTerm(x: result, y: dy) { small, large, weight in
      result.values[small] += weight * dy.values[large]
    }
    return result
  }
}

extension UpsampleBilinear2DGradient: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [operands[0].wholeImage], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let parameters = BilinearParameters(
      .gather, small: site.result.type.shape, factor: factor, smallPixel: site.result.rowStride,
      largePixel: site.operands[0].rowStride)
    return Lowering(calls: [KernelCall(parameters, operands: [.operand(0), .result])])
  }
}
