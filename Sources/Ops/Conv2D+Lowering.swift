import Graphs
import KernelContract

extension Conv2D: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let place = Layout.computed(result)
    let vectors = operands.suffix(normalization.operandCount).map { Layout.computed($0.type) }
    return LayoutDecision(
      operands: [operands[0].imageOrBytes, weightLayout(operands[1].type.shape)]
        + epilogue.layouts(operands, from: 2, result: place) + vectors, result: place)
  }

  package func acceptsBytes(_ layout: Layout, at position: Int, _ operands: [TensorType]) -> Bool {
    position == 0 && readsBytes(layout, x: operands[0].shape, w: operands[1].shape)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let shape = kernelShape(
      x: site.operands[0], w: site.operands[1].type.shape, outputPixel: site.result.rowStride)
    return lowerPass(
      shape, isGradient: false, weightsAreFixed: site.fixedOperands.contains(1), epilogue,
      epilogueOperands: site.operands(from: 2))
  }

  /// Whether the kernels of the convolution, or of the gradient of its data, can take sums of their result.
  package func takesSums(x: [Int], w: [Int], isGradient: Bool) -> Bool {
    kernelShape(x: x, w: w, inputPixel: Layout.rounded(x[1]), outputPixel: Layout.rounded(w[0]))
      .takesSums(isGradient: isGradient)
  }

  /// Whether the kernels of the convolution, and of the gradient of its weights, read bytes that lie like that.
  func readsBytes(_ layout: Layout, x: [Int], w: [Int]) -> Bool {
    guard case .pictures = layout, normalization == .none else { return false }
    return kernelShape(x: x, w: w, inputPixel: x[1], outputPixel: Layout.rounded(w[0])).takesBytes
  }

  /// Whether the kernels of the convolution, and of the gradient of its weights, take `InputNormalization`.
  func normalizesInput(x: [Int], w: [Int]) -> Bool {
    kernelShape(x: x, w: w, inputPixel: Layout.rounded(x[1]), outputPixel: Layout.rounded(w[0])).normalizesInput
  }

  /// How the kernels want the weight: depthwise filters are packed as if there were one group.
  func weightLayout(_ w: [Int]) -> Layout { .convolutionPanels(groups: groups > 1 && w[1] == 1 ? 1 : groups) }

  /// The convolution as the kernels see it, of operands that fit, with the floats from pixel to pixel of the output.
  func kernelShape(x: LoweringSite.Tensor, w: [Int], outputPixel: Int) -> Conv2DShape {
    var shape = kernelShape(x: x.type.shape, w: w, inputPixel: x.rowStride, outputPixel: outputPixel)
    shape.bytes = x.byteScaling
    return shape
  }

  /// The same with the floats from pixel to pixel of the input.
  func kernelShape(x: [Int], w: [Int], inputPixel: Int, outputPixel: Int) -> Conv2DShape {
    let outside: Conv2DShape.Padding =
      switch padding.mode {
      case .zeros: .zeros
      case .reflect: .reflect
      case .replicate: .replicate
      }
    return Conv2DShape(
      batch: x[0],
      height: .init(
        input: x[2], kernel: w[2], stride: stride[0], before: padding.top, after: padding.bottom, dilation: dilation[0]),
      width: .init(
        input: x[3], kernel: w[3], stride: stride[1], before: padding.left, after: padding.right,
        dilation: dilation[1]),
      inputs: w[1], outputs: w[0] / groups, groups: groups, padding: outside, inputPixel: inputPixel,
      outputPixel: outputPixel)
  }
}
