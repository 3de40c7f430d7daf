import KernelContract

/// The choice between the direct convolution and Winograd's algorithms, by a model of their work.
struct WinogradChoice {
  var transform: WinogradTransform
  /// How many times less work it is than the direct convolution.
  var gain: Double

  var note: String {
    let tenths = Int((gain * 10).rounded())
    return "\(transform.title), \(tenths / 10).\(tenths % 10) times less work than direct"
  }

  /// Work is counted in multiply-adds of a register tile. Transforms wait for memory, so each of their additions counts
  /// for several.
  private static let transformWork = 5.0
  /// Less than this does not outweigh what the model leaves out.
  private static let leastGain = 1.3

  /// The algorithm to use for a pass of `shape` over images whose pixels are whole vectors; nil for the direct one.
  /// - Parameter isWeightGradient: the weights are then what is computed, not transformed.
  static func choose(_ shape: Conv2DShape, isWeightGradient: Bool) -> WinogradChoice? {
    let (height, width) = (shape.height, shape.width)
    let taps = height.kernel
    guard shape.groups == 1, shape.padding == .zeros, width.kernel == taps, height.stride == 1, width.stride == 1,
      height.dilation == 1, width.dilation == 1, shape.inputPixel % 16 == 0, shape.outputPixel % 16 == 0
    else { return nil }
    let (inputs, outputs) = (Double(shape.inputs), Double(ceilingQuotient(shape.outputs, 16) * 16))
    let direct = Double(shape.batch * height.output * width.output * taps * taps) * inputs * outputs
    let choices = WinogradTransform.allCases.filter { $0.taps == taps }.map { transform -> WinogradChoice in
      let tiles =
        shape.batch * ceilingQuotient(height.output, transform.outputs)
        * ceilingQuotient(width.output, transform.outputs)
      let (points, products) = (Double(transform.points), Double(transform.products))
      let perTile = products * inputs * outputs + transformWork * products * (inputs + outputs) * 2
      let weights = inputs * outputs * (isWeightGradient ? 1 : 2) * points * points * transformWork
      return WinogradChoice(transform: transform, gain: direct / (Double(tiles) * perTile + weights))
    }
    return choices.max { $0.gain < $1.gain }.flatMap { $0.gain < leastGain ? nil : $0 }
  }

  /// The convolution itself, or its gradient for the data: operand 0 through the weights, operand 1, to the result.
  func passCalls(
    _ shape: Conv2DShape, isGradient: Bool, epilogue: Epilogue, epilogueOperands: [CallOperand]
  ) -> KernelSequence {
    let x = ImageExtents(
      height: shape.height.input, width: shape.width.input, channels: shape.inputs, stride: shape.inputPixel)
    let y = ImageExtents(
      height: shape.height.output, width: shape.width.output, channels: shape.outputs, stride: shape.outputPixel)
    let convolution = WinogradConvolutionParameters(
      transform, images: shape.batch, x: isGradient ? y : x, y: isGradient ? x : y,
      paddingTop: isGradient ? transform.taps - 1 - shape.height.before : shape.height.before,
      paddingLeft: isGradient ? transform.taps - 1 - shape.width.before : shape.width.before, isGradient: isGradient,
      epilogue: epilogue)
    return convolution.calls(
      x: .operand(0), weights: .operand(1), y: .result, epilogueOperands: epilogueOperands)
  }

  /// The gradient for the weights, of x and dy as operands 0 and 1.
  func weightGradientCalls(
    _ shape: Conv2DShape, update: OptimizerUpdate, destination: [CallOperand]
  ) -> KernelSequence {
    let parameters = WinogradWeightGradientParameters(
      transform, images: shape.batch,
      x: ImageExtents(
        height: shape.height.input, width: shape.width.input, channels: shape.inputs, stride: shape.inputPixel),
      dy: ImageExtents(
        height: shape.height.output, width: shape.width.output, channels: shape.outputs, stride: shape.outputPixel),
      paddingTop: shape.height.before, paddingLeft: shape.width.before)
    return WinogradWeightGradientParameters.calls(
      parameters, update: update, x: .operand(0), dy: .operand(1), destination: destination)
  }
}
