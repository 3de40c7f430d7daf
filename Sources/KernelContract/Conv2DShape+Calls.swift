// The calls that compute a convolution and its gradients. Operands are those of the op that makes the calls; epilogue
// operands stand in the order of `Epilogue`, those of an update in the order of `OptimizerUpdate`.
extension Conv2DShape {
  /// The convolution of `x` with packed weights.
  /// - Parameters:
  ///   - normalization: what becomes of `x` first, see `normalizesInput`; its operands stand behind those of the epilogue.
  ///   - sums: what its last call takes, see `KernelSequence.summing` and `takesSums`.
  package func forwardCalls(
    _ epilogue: Epilogue, normalization: InputNormalization = .none, sums: ResultSums = .none, x: CallOperand,
    weights: CallOperand, result: CallOperand, epilogueOperands: [CallOperand]
  ) -> KernelSequence {
    if isDepthwise {
      let depthwise = DepthwiseParameters(self, isGradient: false, epilogue: epilogue)
      return KernelSequence([KernelCall(depthwise, operands: [x, weights, result] + epilogueOperands)])
    }
    if isPointwise {
      let product = LinearShape(
        rows: batch * height.input * width.input, inputs: inputs, outputs: outputs, inputRow: inputPixel,
        outputRow: outputPixel)
      return product.forwardCalls(
        epilogue, x: x, weights: weights, result: result, epilogueOperands: epilogueOperands)
    }
    return passCalls(
      isGradient: false, epilogue, normalization, sums, source: x, weights: weights, result: result,
      epilogueOperands: epilogueOperands
    )
  }

  /// The gradient with respect to the input, from the gradient `dy` with respect to the output. The input's pixels must
  /// be whole vectors (`inputPixel` a multiple of 16), and an epilogue has no bias.
  package func dataGradientCalls(
    _ epilogue: Epilogue, sums: ResultSums = .none, dy: CallOperand, weights: CallOperand, result: CallOperand,
    epilogueOperands: [CallOperand]
  ) -> KernelSequence {
    if padding != .zeros {
      var padded = self
      padded.height.input += height.before + height.after
      padded.width.input += width.before + width.after
      padded.padding = .zeros
      (padded.height.before, padded.height.after, padded.width.before, padded.width.after) = (0, 0, 0, 0)
      let inner = padded.dataGradientCalls(
        Epilogue(), dy: dy, weights: weights, result: .result, epilogueOperands: [])
      // The padded gradient lies behind what its own calls need.
      let place = CallOperand.workspace(byteOffset: inner.workspaceBytes)
      var calls = inner.calls.map { call in
        KernelCall(call.parameters, operands: call.operands.map { $0 == .result ? place : $0 })
      }
      let fold = PaddingFoldParameters(self, epilogue: epilogue)
      calls.append(KernelCall(fold, operands: [place, result] + epilogueOperands))
      let bytes = 4 * batch * padded.height.input * padded.width.input * inputPixel
      return KernelSequence(calls, workspaceBytes: inner.workspaceBytes + bytes)
    }
    if isDepthwise {
      let depthwise = DepthwiseParameters(self, isGradient: true, epilogue: epilogue)
      return KernelSequence([KernelCall(depthwise, operands: [dy, weights, result] + epilogueOperands)])
    }
    if isPointwise {
      let product = LinearShape(
        rows: batch * height.input * width.input, inputs: inputs, outputs: outputs, inputRow: inputPixel,
        outputRow: outputPixel)
      return product.dataGradientCalls(
        epilogue, dy: dy, weights: weights, result: result, epilogueOperands: epilogueOperands)
    }
    let transpose = ConvolutionTransposeParameters(self)
    let transposed = CallOperand.workspace(byteOffset: 0)
    let pass = passCalls(
      isGradient: true, epilogue, .none, sums, source: dy, weights: transposed, result: result,
      epilogueOperands: epilogueOperands)
    return KernelSequence(
      [KernelCall(transpose, operands: [weights, transposed])] + pass.calls,
      workspaceBytes: 4 * transpose.resultCount)
  }

  /// The gradient with respect to the weights, stored or applied as an update; `adds`, of dense convolutions without an update: added
  /// to what is there.
  /// - Parameters:
  ///   - places: of dense convolutions those of the maxima whose gradient `dy` is, where it is.
  ///   - normalization: that of `x` with its operands.
  package func weightGradientCalls(
    _ update: OptimizerUpdate, x: CallOperand, dy: CallOperand, places: CallOperand? = nil,
    normalization: (kind: InputNormalization, operands: [CallOperand]) = (.none, []), destination: [CallOperand],
    adds: Bool = false
  ) -> KernelSequence {
    if isDepthwise {
      let depthwise = DepthwiseWeightGradientParameters(self, update: update)
      return KernelSequence([KernelCall(depthwise, operands: [x, dy] + destination)])
    }
    let gradient = ConvolutionWeightGradientParameters(
      self, update: update, normalization: normalization.kind, adds: adds, isSpread: places != nil)
    let sources = [x, dy] + (places.map { [$0] } ?? []) + normalization.operands
    if gradient.splits == 1 { return KernelSequence([KernelCall(gradient, operands: sources + destination)]) }
    let partial = CallOperand.workspace(byteOffset: 0)
    let sum = OptimizerUpdateParameters(count: weightCount, splits: gradient.splits, update: update)
    return KernelSequence(
      [
        KernelCall(gradient, operands: sources + [partial]), KernelCall(sum, operands: [partial] + destination),
      ], workspaceBytes: 4 * gradient.splits * weightCount)
  }

  /// The gradient with respect to the bias: the sums of `dy` over all pixels.
  package func biasGradientCalls(
    _ update: OptimizerUpdate, dy: CallOperand, destination: [CallOperand]
  ) -> KernelSequence {
    ColumnSumsParameters.calls(
      rows: batch * height.output * width.output, columns: groups * outputs, rowStride: outputPixel, update: update,
      matrix: dy, destination: destination)
  }

  /// A dense pass; where groups share vectors, their epilogue is a pass of its own over the whole result.
  private func passCalls(
    isGradient: Bool, _ epilogue: Epilogue, _ normalization: InputNormalization, _ sums: ResultSums,
    source: CallOperand, weights: CallOperand, result: CallOperand, epilogueOperands: [CallOperand]
  ) -> KernelSequence {
    let pass = ConvolutionParameters(
      self, isGradient: isGradient, epilogue: epilogue, normalization: normalization, sums: sums)
    if pass.storesWholePanels || epilogue.isEmpty {
      return KernelSequence([KernelCall(pass, operands: [source, weights, result] + epilogueOperands)])
    }
    let bare = ConvolutionParameters(self, isGradient: isGradient, epilogue: Epilogue())
    let finish = SplitSumParameters(
      splits: 1, rows: batch * (isGradient ? height.input * width.input : height.output * width.output),
      rowStride: isGradient ? inputPixel : outputPixel, epilogue: epilogue)
    return KernelSequence([
      KernelCall(bare, operands: [source, weights, result]),
      KernelCall(finish, operands: [result, result] + epilogueOperands),
    ])
  }
}
