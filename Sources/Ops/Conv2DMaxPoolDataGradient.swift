import Graphs
import KernelContract

/// The gradient of `Conv2DMaxPool` for its input: the gradient of the maxima before the activation, the list of maxima and places, w →
/// [N, C, H, W]; then the epilogue, whose operands follow.
package struct Conv2DMaxPoolDataGradient: NotDifferentiable {
  package static let name = "conv2d_max_pool_data_gradient"
  /// The convolution without its epilogue.
  package var forward: Conv2D
  package var inputShape: [Int]
  /// The algorithm; nil: the direct one.
  package var transform: WinogradTransform?
  package var epilogue: Epilogue

  package init(forward: Conv2D, inputShape: [Int], transform: WinogradTransform?, epilogue: Epilogue = Epilogue()) {
    self.forward = forward
    self.inputShape = inputShape
    self.transform = transform
    self.epilogue = epilogue
  }

  /// The same of the gradient of the convolution's whole output.
  private var product: Conv2DDataGradient {
    Conv2DDataGradient(forward: forward, inputShape: inputShape, epilogue: epilogue)
  }

  package static var samples: [Sample] {
    Conv2DMaxPool.sampleShapes.flatMap { sample -> [Sample] in
      [Epilogue(), Epilogue(mask: .values)].compactMap { epilogue in
        let op = Self(forward: sample.forward, inputShape: sample.x, transform: sample.transform, epilogue: epilogue)
        let rest = [sample.w] + [[Int]](repeating: sample.x, count: epilogue.operandCount)
        return Conv2DMaxPool.gradientSample(
          op, sample.forward, x: sample.x, w: sample.w, before: [], after: rest)
      }
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    if operands.count < 3 { throw .operandCount(expected: 3 + epilogue.operandCount, found: operands.count) }
    let result = TensorType(.float32, inputShape)
    let y = try forward.resultType([result, operands[2]])
    try Conv2DMaxPool.expectGradient(operands, at: 0, of: y)
    return try product.resultType([y] + operands[2...])
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let w = operands[2]
    let types = [inputShape, w.shape].map { TensorType(.float32, $0) }
    let y = (try? forward.resultType(types).shape) ?? []
    return product.reference([Conv2DMaxPool.spread(operands[0], list: operands[1], to: y)] + operands[2...])
  }
}

extension Conv2DMaxPoolDataGradient: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let place = Layout.computed(result)
    let list = Conv2DMaxPool.listLayout(operands[0].type.shape)
    return LayoutDecision(
      operands: [.computed(operands[0].type), list, forward.weightLayout(operands[2].type.shape)]
        + operands.dropFirst(3).map { _ in place }, result: place)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let shape = forward.kernelShape(
      x: inputShape, w: site.operands[2].type.shape, inputPixel: site.result.rowStride,
      outputPixel: site.operands[0].rowStride)
    let (dy, weights, others) = (CallOperand.operand(0), CallOperand.operand(2), site.operands(from: 3))
    let places = CallOperand.operandPart(1, byteOffset: try Conv2DMaxPool.placesOffset(site.operands[1].layout))
    let calls =
      transform.map {
        shape.winogradConvolution($0, isGradient: true, epilogue: epilogue, pooling: .spreadGradient)
          .calls(x: dy, weights: weights, y: .result, epilogueOperands: others, places: places)
      }
      ?? shape.spreadDataGradientCalls(
        epilogue, dy: dy, places: places, weights: weights, result: .result, epilogueOperands: others)
    return Lowering(calls, note: forward.spreadNote(shape, .dataGradient))
  }
}
