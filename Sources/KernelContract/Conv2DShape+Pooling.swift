// The calls of a direct convolution of which only the maxima of disjoint 2x2 windows exist, and of its gradients; see `ConvolutionPooling`.
extension Conv2DShape {
  /// Whether the direct convolution can store the maxima alone, and the direct gradient of its weights read theirs, or that of its data: by
  /// a dense pass whose items own whole vectors of the result. A convolution of single pixels is the product of a matrix, which knows no
  /// windows.
  package func takesPooling(isGradient: Bool) -> Bool { takesSums(isGradient: isGradient) }

  /// The maxima of the convolution of `x`, which an activation follows, and where `places` is not nil their places.
  package func maximaCalls(
    _ epilogue: Epilogue, x: CallOperand, weights: CallOperand, result: CallOperand, epilogueOperands: [CallOperand],
    places: CallOperand?
  ) -> KernelSequence {
    let pass = ConvolutionParameters(
      self, isGradient: false, epilogue: epilogue, pooling: places == nil ? .maxima : .recordedMaxima)
    return KernelSequence([
      KernelCall(pass, operands: [x, weights, result] + epilogueOperands + (places.map { [$0] } ?? []))
    ])
  }

  /// The gradient with respect to the input, from the gradient `dy` with respect to the maxima and their places.
  package func spreadDataGradientCalls(
    _ epilogue: Epilogue, dy: CallOperand, places: CallOperand, weights: CallOperand, result: CallOperand,
    epilogueOperands: [CallOperand]
  ) -> KernelSequence {
    let transpose = ConvolutionTransposeParameters(self)
    let transposed = CallOperand.workspace(byteOffset: 0)
    let pass = ConvolutionParameters(self, isGradient: true, epilogue: epilogue, pooling: .spreadGradient)
    return KernelSequence(
      [
        KernelCall(transpose, operands: [weights, transposed]),
        KernelCall(pass, operands: [dy, transposed, result] + epilogueOperands + [places]),
      ], workspaceBytes: 4 * transpose.resultCount)
  }
}
