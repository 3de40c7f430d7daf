import KernelContract

// The algorithm for each pass of a convolution; see `ConvolutionChoice`.
extension Conv2D {
  /// The convolution (`x`, weights, operands of the epilogue and of the normalisation), or the gradient of its data (`dy` for `x`).
  func lowerPass(
    _ shape: Conv2DShape, isGradient: Bool, weightsAreFixed: Bool = false, _ epilogue: Epilogue,
    epilogueOperands: [CallOperand]
  ) -> Lowering {
    let (calls, reason) = passCalls(
      shape, isGradient: isGradient, weightsAreFixed: weightsAreFixed, epilogue, epilogueOperands: epilogueOperands)
    return Lowering(calls, note: reason)
  }

  /// The calls of a pass, and why it is those. The last one takes the sums.
  func passCalls(
    _ shape: Conv2DShape, isGradient: Bool, weightsAreFixed: Bool = false, _ epilogue: Epilogue,
    sums: ResultSums = .none, epilogueOperands: [CallOperand]
  ) -> (calls: KernelSequence, reason: String) {
    let choice = ConvolutionChoice(
      shape, isGradient ? .dataGradient : .forward, isPrecise: isPrecise, weightsAreFixed: weightsAreFixed)
    let (source, weights) = (CallOperand.operand(0), CallOperand.operand(1))
    let calls: KernelSequence
    if let transform = choice.transform {
      calls = shape.winogradConvolution(
        transform, isGradient: isGradient, weightsAreFixed: weightsAreFixed, epilogue: epilogue,
        normalization: isGradient ? .none : normalization, sums: sums
      ).calls(x: source, weights: weights, y: .result, epilogueOperands: epilogueOperands)
    } else if isGradient {
      calls = shape.dataGradientCalls(
        epilogue, sums: sums, dy: source, weights: weights, result: .result, epilogueOperands: epilogueOperands)
    } else {
      calls = shape.forwardCalls(
        epilogue, normalization: normalization, sums: sums, x: source, weights: weights, result: .result,
        epilogueOperands: epilogueOperands)
    }
    return (calls, isGradient ? choice.reason : note(choice, shape))
  }

  /// The gradient of the weights, of `x`, `dy` and the operands of the normalisation.
  func lowerWeightGradient(_ shape: Conv2DShape, _ update: OptimizerUpdate, destination: [CallOperand]) -> Lowering {
    let choice = ConvolutionChoice(shape, .weightGradient, isPrecise: isPrecise)
    let (x, dy) = (CallOperand.operand(0), CallOperand.operand(1))
    let vectors = (0..<normalization.operandCount).map { CallOperand.operand(2 + $0) }
    let calls =
      choice.transform.map {
        WinogradWeightGradientParameters.calls(
          shape.winogradWeightGradient($0, normalization: normalization), update: update, x: x, dy: dy,
          destination: destination, last: vectors)
      }
      ?? shape.weightGradientCalls(
        update, x: x, dy: dy, normalization: (normalization, vectors), destination: destination)
    return Lowering(calls, note: note(choice, shape))
  }

  /// Why it is that algorithm, with what more it does, and what becomes of the input on the way.
  func note(_ choice: ConvolutionChoice, _ shape: Conv2DShape, adding addition: String = "") -> String {
    choice.reason + addition + (shape.bytes == nil ? "" : "; input as bytes")
      + (normalization == .none ? "" : "; normalises its input as it loads it")
  }
}
