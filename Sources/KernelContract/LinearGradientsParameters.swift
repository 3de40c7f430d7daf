/// Both gradients of a linear layer with few rows and the update of its weights, in one pass over them: the gradient of the input is that
/// of the weights before the update. Strides are in floats.
///
/// Operands: `x`, `dy`, `dx`, then those of the epilogue (residual, mask), which lie like `dx`, then those of `update`. Weights are packed
/// as in `LinearShape`; outputs are a multiple of 16.
package struct LinearGradientsParameters: KernelParameters {
  package static let name = "linear_gradients"

  package let rows: Int
  package let inputs: Int
  package let outputs: Int
  /// Floats from a row of `x`, and of `dx`, to the next.
  package let inputRow: Int
  package let gradientRow: Int
  /// Floats from a row of `dy` to the next: a multiple of 16.
  package let outputRow: Int
  package let update: OptimizerUpdate
  /// Neither bias nor activation.
  package let epilogue: Epilogue

  /// The inputs of an item, which walks over all outputs. The sums of their gradient stay in the first-level cache.
  package let inputBlock: Int

  package init(
    rows: Int, inputs: Int, outputs: Int, inputRow: Int, gradientRow: Int, outputRow: Int, update: OptimizerUpdate,
    epilogue: Epilogue
  ) {
    self.rows = rows
    self.inputs = inputs
    self.outputs = outputs
    self.inputRow = inputRow
    self.gradientRow = gradientRow
    self.outputRow = outputRow
    self.update = update
    self.epilogue = epilogue
    // Rows of register tiles. More inputs would be longer runs of weights, but their sums would leave the cache.
    inputBlock = rows <= 8 ? 28 : 14
  }

  /// The most rows for which one pass over the weights was measured to take less time than two: with more of them the arithmetic takes
  /// longer than memory, and each pass is better at its own.
  package static let mostRows = 32
  /// Outputs come in groups of so many panels, whose gradients are in scratch memory.
  package static let panelGroup = 4

  package func kernel(in table: KernelTable) -> Kernel { table.linearGradients }
  package var items: Int { ceilingQuotient(inputs, inputBlock) }

  /// Floats from a row of the item's inputs to the next.
  package var blockRow: Int { ceilingQuotient(inputBlock, 16) * 16 + 16 }
  /// Sums, the item's inputs, gradients of a group of panels.
  package var scratchBytes: Int { 4 * (16 * inputBlock * (rows + Self.panelGroup) + rows * blockRow) }
  package var flops: Double { 4 * Double(rows) * Double(inputs) * Double(outputs) }
}
