import Graphs
import KernelContract

/// The gradient of `Conv2DMaxPool` for its weight: x, the gradient of the maxima before the activation, the list of maxima and places →
/// [OC, C, KH, KW].
package struct Conv2DMaxPoolWeightGradient: UpdatingOp {
  package static let name = "conv2d_max_pool_weight_gradient"
  package var ownOperandCount: Int { 3 }
  /// The convolution without its epilogue.
  package var forward: Conv2D
  package var weightShape: [Int]
  /// The algorithm; nil: the direct one.
  package var transform: WinogradTransform?
  package var update: OptimizerUpdate

  package init(forward: Conv2D, weightShape: [Int], transform: WinogradTransform?, update: OptimizerUpdate = .none) {
    self.forward = forward
    self.weightShape = weightShape
    self.transform = transform
    self.update = update
  }

  package static var samples: [Sample] {
    (Conv2DMaxPool.sampleShapes + Conv2DMaxPool.paddedSampleShapes).flatMap { sample in
      ([.none] + OptimizerUpdate.samples).compactMap { update in
        let op = Self(
          forward: sample.forward, weightShape: sample.w, transform: sample.transform, update: update)
        var result = Conv2DMaxPool.gradientSample(
          op, sample.forward, x: sample.x, w: sample.w, before: [sample.x], after: [])
        result?.operands += update.sampleOperands(sample.w)
        return result
      }
    }
  }

  package func gradientType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    let result = TensorType(.float32, weightShape)
    try Conv2DMaxPool.expectGradient(operands, at: 1, of: try forward.resultType([operands[0], result]))
    return result
  }

  package func gradientReference(_ operands: [HostTensor]) -> HostTensor {
    let x = operands[0]
    let y = (try? forward.resultType([x.shape, weightShape].map { TensorType(.float32, $0) }).shape) ?? []
    return Conv2DWeightGradient(forward: forward, weightShape: weightShape)
      .gradientReference([x, Conv2DMaxPool.spread(operands[1], list: operands[2], to: y)])
  }
}

extension Conv2DMaxPoolWeightGradient {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let weight = forward.weightLayout(weightShape)
    let list = Conv2DMaxPool.listLayout(operands[1].type.shape)
    let x = transform == nil ? operands[0].imageOrBytes : operands[0].wholeImage
    return LayoutDecision(
      operands: [x, .computed(operands[1].type), list] + updateLayouts(operands, weight: weight),
      result: weight)
  }

  package func acceptsBytes(_ layout: Layout, at position: Int, _ operands: [TensorType]) -> Bool {
    position == 0 && transform == nil && forward.readsBytes(layout, x: operands[0].shape, w: weightShape)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let shape = forward.kernelShape(
      x: site.operands[0], w: weightShape, outputPixel: site.operands[1].rowStride)
    let (x, dy) = (CallOperand.operand(0), CallOperand.operand(1))
    let places = CallOperand.operandPart(2, byteOffset: try Conv2DMaxPool.placesOffset(site.operands[2].layout))
    let destination = site.destination(update, from: ownOperandCount)
    let calls =
      transform.map {
        WinogradWeightGradientParameters.calls(
          shape.winogradWeightGradient($0, isSpread: true), update: update, x: x, dy: dy, destination: destination,
          last: [places])
      } ?? shape.weightGradientCalls(update, x: x, dy: dy, places: places, destination: destination)
    return Lowering(calls, note: forward.spreadNote(shape, .weightGradient))
  }
}
