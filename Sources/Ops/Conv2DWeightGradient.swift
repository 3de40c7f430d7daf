import Graphs
import KernelContract

/// The gradient of `Conv2D` for its weight: x [N, C, H, W], dy [N, OC, OH, OW], then the operands of the convolution's normalisation →
/// [OC, C / groups, KH, KW].
package struct Conv2DWeightGradient: UpdatingOp {
  package static let name = "conv2d_weight_gradient"
  package var ownOperandCount: Int { 2 + forward.normalization.operandCount }
  /// The convolution without its epilogue.
  package var forward: Conv2D
  package var weightShape: [Int]
  package var update: OptimizerUpdate

  package init(forward: Conv2D, weightShape: [Int], update: OptimizerUpdate = .none) {
    self.forward = forward
    self.weightShape = weightShape
    self.update = update
  }

  package static var samples: [Sample] {
    (Conv2D.sampleShapes + Conv2D.largeSampleShapes).flatMap { sample -> [Sample] in
      let types = [sample.x, sample.w].map { TensorType(.float32, $0) }
      guard let y = try? sample.op.resultType(types) else { return [] }
      let plain = Self(forward: sample.op, weightShape: sample.w)
      var list = samples(plain, shapes: [sample.x, y.shape], weight: sample.w)
      if sample.op.normalizesInput(x: sample.x, w: sample.w) {
        var normalizing = plain
        normalizing.forward.normalization = .rectified
        let vectors = [[Int]](repeating: [sample.x[1]], count: normalizing.forward.normalization.operandCount)
        list += samples(normalizing, shapes: [sample.x, y.shape] + vectors, weight: sample.w)
      }
      return list
    }
  }

  package func gradientType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    let result = TensorType(.float32, weightShape)
    let vectors = Array(operands[2..<ownOperandCount])
    let y = try forward.resultType([operands[0], result] + vectors)
    try operands.expect(1, shape: y.shape)
    return result
  }

  package func gradientReference(_ operands: [HostTensor]) -> HostTensor {
    let x = forward.normalization.reference(operands[0], axis: 1, operands: operands, from: 2)
    let dy = operands[1]
    var result = HostTensor(shape: weightShape)
    forward.forEachProduct(x: x.shape, w: weightShape, y: dy.shape) { x0, w0, y0 in
      result.values[w0] += dy.values[y0] * x.values[x0]
    }
    return result
  }
}

extension Conv2DWeightGradient {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let weight = forward.weightLayout(weightShape)
    return LayoutDecision(
      operands: [operands[0].imageOrBytes, operands[1].wholeImage]
        + operands[2..<ownOperandCount].map { .computed($0.type) }
        + updateLayouts(operands, weight: weight), result: weight)
  }

  package func acceptsBytes(_ layout: Layout, at position: Int, _ operands: [TensorType]) -> Bool {
    position == 0 && forward.readsBytes(layout, x: operands[0].shape, w: weightShape)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let shape = forward.kernelShape(
      x: site.operands[0], w: weightShape, outputPixel: site.operands[1].rowStride)
    return forward.lowerWeightGradient(shape, update, destination: site.destination(update, from: ownOperandCount))
  }
}
