/// The product of `ByteProductParameters` by vectors: `C[i, j] = scale * Σ_k X[i, k] * W[k, j]`.
///
/// The lanes of a vector run along k, where bytes lie side by side, so that 20 columns take the time of 20. An item is a block of rows by
/// a block of columns by a part of the depth. For each row and column it keeps a vector whose lanes are added at its end. Operands: `x` in
/// panels (`BytePanels`), packed weights, and the partial sums: `splits` matrices for `SplitSumParameters` to add.
package struct ByteVectorProductParameters: KernelParameters {
  package static let name = "byte_vector_product"

  package let rows: Int
  package let columns: Int
  package let depth: Int
  package let cRowStride: Int
  package let scale: Float
  package let splits: Int
  /// The rows, a multiple of `tileRows`, and the columns of an item.
  package let rowBlock: Int
  package let columnBlock: Int

  /// A multiple of the rows of every register tile.
  package static let tileRows = 12

  package init(rows: Int, columns: Int, depth: Int, cRowStride: Int, scale: Float) {
    self.rows = rows
    self.columns = columns
    self.depth = depth
    self.cRowStride = cRowStride
    self.scale = scale
    columnBlock = ceilingQuotient(columns, ceilingQuotient(columns, 24))
    // Sums of 8 lanes take a half of the second-level cache.
    let most = max(48, 8192 / columnBlock)
    let tiles = ceilingQuotient(rows, Self.tileRows)
    rowBlock = Self.tileRows * ceilingQuotient(tiles, ceilingQuotient(rows, most))
    let blocks = ceilingQuotient(rows, rowBlock) * ceilingQuotient(columns, columnBlock)
    splits = min(BytePanels.count(depth), ceilingQuotient(32, blocks))
  }

  package func kernel(in table: KernelTable) -> Kernel { table.byteVectorProduct }

  package var rowBlocks: Int { ceilingQuotient(rows, rowBlock) }
  package var columnBlocks: Int { ceilingQuotient(columns, columnBlock) }
  package var items: Int { splits * rowBlocks * columnBlocks }
  package var flops: Double { 2 * Double(rows) * Double(columns) * Double(depth) }
  /// Sums of at most 16 lanes, the weights of a panel, the rows of a tile as floats and as bytes.
  package var scratchBytes: Int {
    let width = BytePanels.width
    return 4 * (rowBlock * columnBlock * 16 + (columnBlock + Self.tileRows) * width) + Self.tileRows * width
  }
}

/// The gradient of such a product for its weights by vectors, `dW[k, j] = scale * Σ_i X[i, k] * dY[i, j]`, stored or applied as an update.
///
/// Operands: `x` as above, dY row by row (`slopeRow` floats each), then those of the update, or the packed gradient.
package struct ByteVectorWeightGradientParameters: KernelParameters {
  package static let name = "byte_vector_weight_gradient"

  /// The rows of X and dY, the columns of X, and those of dY.
  package let rows: Int
  package let inputs: Int
  package let outputs: Int
  package let slopeRow: Int
  package let scale: Float
  package let update: OptimizerUpdate
  /// The columns of dY in an item, a multiple of 16.
  package let outputBlock: Int

  /// The columns of X in an item: a panel.
  package static let inputBlock = BytePanels.width
  /// Rows that are multiplied before the sums go back to memory.
  package static let rowBlock = 128
  /// The columns of X in the widest register tile.
  package static let tileInputs = 32
  /// Floats from the sums of an output to those of the next.
  package static let sumStride = inputBlock + 16

  package init(rows: Int, inputs: Int, outputs: Int, slopeRow: Int, scale: Float, update: OptimizerUpdate) {
    self.rows = rows
    self.inputs = inputs
    self.outputs = outputs
    self.slopeRow = slopeRow
    self.scale = scale
    self.update = update
    let panels = ceilingQuotient(outputs, 16)
    outputBlock = 16 * ceilingQuotient(panels, ceilingQuotient(panels, 4))
  }

  package func kernel(in table: KernelTable) -> Kernel { table.byteVectorWeightGradient }

  package var outputBlocks: Int { ceilingQuotient(outputs, outputBlock) }
  package var items: Int { ceilingQuotient(inputs, Self.inputBlock) * outputBlocks }
  package var flops: Double { 2 * Double(rows) * Double(inputs) * Double(outputs) }
  /// The columns of a tile as floats, rows of dY, sums, and those of a panel of weights as these are packed.
  package var scratchBytes: Int {
    4 * (Self.rowBlock * (Self.tileInputs + outputBlock) + 16 + outputBlock * Self.sumStride + 16 * Self.inputBlock)
  }
}
