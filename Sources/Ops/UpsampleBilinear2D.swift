import Graphs
import KernelContract

/// Images enlarged by whole factors, each pixel a mean of the four around its place weighted by nearness: x [N, C, H, W] →
/// [N, C, H * f0, W * f1], as `torch.nn.functional.interpolate` with `mode="bilinear", align_corners=False`.
package struct UpsampleBilinear2D: Op {
  package static let name = "upsample_bilinear2d"
  package var factor: [Int]

  package init(factor: [Int]) { self.factor = factor }

  package static var samples: [Sample] {
    UpsampleNearest2D.sampleShapes.map { Sample(Self(factor: $0.factor), shapes: [$0.x]) }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    return try enlarged(operands[0], factor)
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(UpsampleBilinear2DGradient(factor: factor), adjoint.gradient)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let x = operands[0]
    var result = HostTensor(shape: [x.shape[0], x.shape[1], x.shape[2] * factor[0], x.shape[3] * factor[1]])
    forEachTerm(x: x, y: result) { from, to, weight in result.values[to] += weight * x.values[from] }
    return result
  }

  /// Calls `body` with the places and the weight of each term.
  func forEachTerm(x: HostTensor, y: HostTensor, _ body: (_ x: Int, _ y: Int, _ weight: Double) -> Void) {
    for index in y.values.indices {
      let at = y.coordinates(index)
      let rows = UpsampleBilinear2D.neighbours(at[2], factor[0], x.shape[2])
      let columns = UpsampleBilinear2D.neighbours(at[3], factor[1], x.shape[3])
      for (row, a) in rows {
        for (column, b) in columns { body(x.place([at[0], at[1], row, column]), index, a * b) }
      }
    }
  }

  /// The two positions around the place of `position`, with their shares.
  private static func neighbours(_ position: Int, _ factor: Int, _ extent: Int) -> [(Int, Double)] {
    let place = max(0, (Double(position) + 0.5) / Double(factor) - 0.5)
    let first = Int(place)
    let share = place - Double(first)
    return [(first, 1 - share), (min(first + 1, extent - 1), share)]
  }
}

extension UpsampleBilinear2D: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [operands[0].wholeImage], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let parameters = BilinearParameters(
      .enlarge, small: site.operands[0].type.shape, factor: factor, smallPixel: site.operands[0].rowStride,
      largePixel: site.result.rowStride)
    return Lowering(calls: [KernelCall(parameters, operands: [.operand(0), .result])])
  }
}
