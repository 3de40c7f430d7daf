/// The extents of a linear layer over row-major tensors: `y[i, o] = Σ_k x[i, k] * w[k, o]`. Strides are in floats.
///
/// Weights are packed as `[⌈outputs / 16⌉][inputs][16]`, lanes beyond the last output zero.
package struct LinearShape: Sendable, Hashable {
  package var rows: Int
  package var inputs: Int
  package var outputs: Int
  /// Floats from a row of the input to the next: at least `inputs`, which network inputs may have exactly.
  package var inputRow: Int
  /// Floats from a row of the output to the next: a multiple of 16.
  package var outputRow: Int
  /// The input are bytes in `BytePanels` that stand for so much each, instead of floats.
  package var byteScale: Float?
  package var unit: ArithmeticUnit

  package init(
    rows: Int, inputs: Int, outputs: Int, inputRow: Int, outputRow: Int, byteScale: Float? = nil,
    unit: ArithmeticUnit = .vectors
  ) {
    self.rows = rows
    self.inputs = inputs
    self.outputs = outputs
    self.inputRow = inputRow
    self.outputRow = outputRow
    self.byteScale = byteScale
    self.unit = unit
  }

  /// Whether examples of that shape, `[rows, inputs]`, are worth being read as bytes: weights are split or transposed for each batch, and
  /// few inputs are no burden as floats.
  package static func isWorthBytes(_ shape: [Int]) -> Bool {
    shape.count == 2 && shape[0] >= 64 && shape[1] >= 4096
  }

  /// The floats of the packed weights.
  package var weightCount: Int { ceilingQuotient(outputs, 16) * inputs * 16 }
  /// How the weights are packed from PyTorch's `[outputs, inputs]`, and unpacked.
  package func packing(_ direction: PanelPackingParameters.Direction) -> PanelPackingParameters {
    .linear(direction, inputs: inputs, outputs: outputs)
  }

  /// The product of `x` and packed weights.
  package func forwardCalls(
    _ epilogue: Epilogue, x: CallOperand, weights: CallOperand, result: CallOperand, epilogueOperands: [CallOperand]
  ) -> KernelSequence {
    if let byteScale {
      let product: any KernelParameters
      let splits: Int
      switch unit {
      case .tiles:
        let tiles = ByteProductParameters(
          rows: rows, columns: outputs, depth: inputs, cRowStride: outputRow, scale: byteScale)
        (product, splits) = (tiles, tiles.splits)
      case .vectors:
        let vectors = ByteVectorProductParameters(
          rows: rows, columns: outputs, depth: inputs, cRowStride: outputRow, scale: byteScale)
        (product, splits) = (vectors, vectors.splits)
      }
      return splitCalls(product, splits: splits, epilogue, [x, weights], result: result, epilogueOperands)
    }
    if isWorthTiles(columns: outputs, depth: inputs) {
      return tileCalls(
        TileProductParameters(
          rows: rows, columns: outputs, depth: inputs, b: .panels(rows: inputs), cRowStride: outputRow,
          epilogue: epilogue), a: x, .rowMajor(inputRow), b: weights, result: result, epilogueOperands)
    }
    func product(splits: Int) -> MatrixProductParameters {
      MatrixProductParameters(
        rows: rows, columns: outputs, depth: inputs, a: .rowMajor(inputRow), b: .panels(rows: inputs),
        cRowStride: outputRow, epilogue: splits == 1 ? epilogue : Epilogue(), splits: splits)
    }
    let whole = product(splits: 1)
    // Few outputs and rows but many inputs: too few blocks for the workers, so the sum itself is cut. With few rows and
    // very many inputs that also lets an item read its part of the inputs once, for all outputs.
    let isDeep = rows <= 64 && inputs >= 16_384
    let splits =
      whole.flops < 4e6 ? 1 : isDeep ? 16 : whole.items >= 8 ? 1 : min(16 / whole.items, inputs / 1024)
    if splits <= 1 {
      return KernelSequence([KernelCall(whole, operands: [x, weights, result] + epilogueOperands)])
    }
    return splitCalls(
      product(splits: splits), splits: splits, epilogue, [x, weights], result: result, epilogueOperands)
  }

  /// A product whose depth is cut, and the sum of its parts.
  private func splitCalls(
    _ product: any KernelParameters, splits: Int, _ epilogue: Epilogue, _ operands: [CallOperand],
    result: CallOperand, _ epilogueOperands: [CallOperand]
  ) -> KernelSequence {
    let partial = CallOperand.workspace(byteOffset: 0)
    let sum = SplitSumParameters(splits: splits, rows: rows, rowStride: outputRow, epilogue: epilogue)
    return KernelSequence(
      [
        KernelCall(product, operands: operands + [partial]),
        KernelCall(sum, operands: [partial, result] + epilogueOperands),
      ], workspaceBytes: 4 * splits * rows * outputRow)
  }

  /// The gradient with respect to the input. The input's rows must be whole vectors (`inputRow` a multiple of 16).
  package func dataGradientCalls(
    _ epilogue: Epilogue, dy: CallOperand, weights: CallOperand, result: CallOperand, epilogueOperands: [CallOperand]
  ) -> KernelSequence {
    if isWorthTiles(columns: inputs, depth: outputs) {
      return tileCalls(
        TileProductParameters(
          rows: rows, columns: inputs, depth: outputs, b: .transposedPanels(columns: inputs), cRowStride: inputRow,
          epilogue: epilogue), a: dy, .rowMajor(outputRow), b: weights, result: result, epilogueOperands)
    }
    let product = MatrixProductParameters(
      rows: rows, columns: inputs, depth: outputs, a: .rowMajor(outputRow), b: .transposedPanels(columns: inputs),
      cRowStride: inputRow, epilogue: epilogue)
    return KernelSequence([KernelCall(product, operands: [dy, weights, result] + epilogueOperands)])
  }

  /// The gradient with respect to the weights, stored or applied as an update; `adds`, without an update: added to what is there.
  package func weightGradientCalls(
    _ update: OptimizerUpdate, x: CallOperand, dy: CallOperand, destination: [CallOperand], adds: Bool = false
  ) -> KernelSequence {
    if let byteScale {
      precondition(!adds)
      if unit == .vectors {
        let gradient = ByteVectorWeightGradientParameters(
          rows: rows, inputs: inputs, outputs: outputs, slopeRow: outputRow, scale: byteScale, update: update)
        return KernelSequence([KernelCall(gradient, operands: [x, dy] + destination)])
      }
      let split = TileSplitParameters(rows: outputs, depth: rows, strides: .columnMajor(outputRow))
      let gradient = ByteWeightGradientParameters(
        rows: rows, inputs: inputs, outputs: outputs, scale: byteScale, update: update)
      let place = CallOperand.workspace(byteOffset: 0)
      return KernelSequence(
        [KernelCall(split, operands: [dy, place]), KernelCall(gradient, operands: [x, place] + destination)],
        workspaceBytes: split.resultBytes)
    }
    // A convolution by one tap over a column of pixels.
    return Conv2DShape(
      batch: 1, height: .init(input: rows, kernel: 1), width: .init(input: 1, kernel: 1), inputs: inputs,
      outputs: outputs, inputPixel: inputRow, outputPixel: outputRow
    ).weightGradientCalls(update, x: x, dy: dy, destination: destination, adds: adds)
  }

  /// The gradient with respect to the bias: the sums of `dy` over all rows.
  package func biasGradientCalls(
    _ update: OptimizerUpdate, dy: CallOperand, destination: [CallOperand]
  ) -> KernelSequence {
    ColumnSumsParameters.calls(
      rows: rows, columns: outputs, rowStride: outputRow, update: update, matrix: dy, destination: destination)
  }
}
