import Graphs
import KernelContract

/// The gradient of `Conv2D` for its input: dy [N, OC, OH, OW], w → [N, C, H, W]; then the epilogue. By itself it is the
/// transposed convolution.
package struct Conv2DDataGradient: Op {
  package static let name = "conv2d_data_gradient"
  /// The convolution without its epilogue.
  package var forward: Conv2D
  package var inputShape: [Int]
  package var epilogue: Epilogue

  package init(forward: Conv2D, inputShape: [Int], epilogue: Epilogue = Epilogue()) {
    self.forward = forward
    self.inputShape = inputShape
    self.epilogue = epilogue
  }

  package static var samples: [Sample] {
    (Conv2D.sampleShapes + Conv2D.largeSampleShapes).flatMap { sample -> [Sample] in
      let types = [sample.x, sample.w].map { TensorType(.float32, $0) }
      guard let y = try? sample.op.resultType(types) else { return [] }
      let variants = [
        Epilogue(), Epilogue(mask: .values), Epilogue(mask: .normalizedValues),
        Epilogue(residual: true, mask: .values), Epilogue(residual: true, mask: .normalizedValues),
      ]
      return variants.map { epilogue in
        let vectors = max(0, epilogue.mask.operandCount - 1)
        return Sample(
          Self(forward: sample.op, inputShape: sample.x, epilogue: epilogue),
          shapes: [y.shape, sample.w] + [[Int]](repeating: sample.x, count: epilogue.operandCount - vectors)
            + [[Int]](repeating: [sample.x[1]], count: vectors),
          checksGradient: epilogue.isEmpty && sample.x.reduce(1, *) < 10_000)
      }
    }
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    if operands.count < 2 { throw .operandCount(expected: 2 + epilogue.operandCount, found: operands.count) }
    let result = TensorType(.float32, inputShape)
    let y = try forward.resultType([result, operands[1]])
    try operands.expect(0, shape: y.shape)
    try operands.expectEpilogue(epilogue, from: 2, result: result, columns: inputShape[1])
    return result
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    // Fusion, which fills in epilogues, comes after differentiation.
    guard epilogue.isEmpty else { throw .notDifferentiable(op: name) }
    let (dy, w) = (adjoint.operands[0], adjoint.operands[1])
    let weight = Conv2DWeightGradient(forward: forward, weightShape: adjoint.operandTypes[1].shape)
    return [
      adjoint.needed[0] ? try builder.emit(forward, adjoint.gradient, w) : nil,
      adjoint.needed[1] ? try builder.emit(weight, adjoint.gradient, dy) : nil,
    ]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let (dy, w) = (operands[0], operands[1])
    var result = HostTensor(shape: inputShape)
    forward.forEachProduct(x: inputShape, w: w.shape, y: dy.shape) { x0, w0, y0 in
      result.values[x0] += dy.values[y0] * w.values[w0]
    }
    return epilogue.reference(result, axis: 1, operands: operands, from: 2)
  }

  package func absorbing(_ consumer: any Op, at position: Int, types: FusionTypes) -> Absorbed? {
    // The kernels of this pass take no bias.
    guard let absorbed = epilogue.absorbing(consumer, at: position, columns: 1), !absorbed.epilogue.bias,
      absorbed.epilogue.activation == .none
    else { return nil }
    var fused = self
    fused.epilogue = absorbed.epilogue
    return Absorbed(op: fused, appendedOperands: absorbed.appendedOperands)
  }
}

extension Conv2DDataGradient: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let place = Layout.computed(result)
    return LayoutDecision(
      operands: [operands[0].wholeImage, forward.weightLayout(operands[1].type.shape)]
        + epilogue.layouts(operands, from: 2, result: place), result: place)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let shape = forward.kernelShape(
      x: inputShape, w: site.operands[1].type.shape, inputPixel: site.result.rowStride,
      outputPixel: site.operands[0].rowStride)
    return forward.lowerPass(shape, isGradient: true, epilogue, epilogueOperands: site.operands(from: 2))
  }
}
