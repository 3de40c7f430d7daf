/// How a matrix of bytes lies in memory for the kernels below: `[⌈columns / 512⌉][rows][512]`. They read it from one end to the other;
/// long rows one below the other would put each piece of a row on a page of its own. Bytes beyond the last column hold anything.
package enum BytePanels {
  package static let width = 512
  /// Blocks of 32 columns in a panel.
  package static let blocks = width / 32

  /// What 32 rows of a panel take as bfloat16.
  package static let rowGroupBytes = 32 * width * 2

  package static func count(_ columns: Int) -> Int { ceilingQuotient(columns, width) }
  package static func bytes(rows: Int, columns: Int) -> Int { count(columns) * rows * width }
}

/// A product of bytes with packed weights by the processor's matrix tiles: `C[i, j] = scale * Σ_k X[i, k] * W[k, j]`.
///
/// A byte is a bfloat16 as it is, so only the weights are split in three (see `TileProductParameters`), and three products take the
/// place of six. The depth is cut into `splits` parts, the same whatever the number of workers: each reads its bytes once, for all
/// rows. Operands: `x` in panels (`BytePanels`), packed weights, and the partial sums: `splits` matrices for `SplitSumParameters` to
/// add.
package struct ByteProductParameters: KernelParameters {
  package static let name = "byte_product"

  package let rows: Int
  package let columns: Int
  package let depth: Int
  package let cRowStride: Int
  package let scale: Float
  package let splits: Int
  /// The columns of an item.
  package let columnBlock: Int

  package init(rows: Int, columns: Int, depth: Int, cRowStride: Int, scale: Float) {
    self.rows = rows
    self.columns = columns
    self.depth = depth
    self.cRowStride = cRowStride
    self.scale = scale
    let panels = ceilingQuotient(columns, 16)
    columnBlock = 16 * ceilingQuotient(panels, ceilingQuotient(panels, 8))
    let room = max(1, 4_000_000 / (rows * cRowStride))
    splits = min(32, min(room, BytePanels.count(depth)))
  }

  package func kernel(in table: KernelTable) -> Kernel { table.byteProduct }

  package var columnBlocks: Int { ceilingQuotient(columns, columnBlock) }
  package var items: Int { splits * columnBlocks }
  package var flops: Double { 2 * Double(rows) * Double(columns) * Double(depth) }
  /// Two groups of converted rows, split weights of a panel, and a block of sums at the border.
  package var scratchBytes: Int {
    2 * BytePanels.rowGroupBytes + TileSplitParameters.bytes(rows: columnBlock, depth: BytePanels.width) + 32 * 32 * 4
  }
}

/// The gradient of such a product for its weights, `dW[k, j] = scale * Σ_i X[i, k] * dY[i, j]`, stored or applied as an update.
///
/// Operands: `x` as above, dY split by `TileSplitParameters` (a row of it is a column of dY), then those of the update, or the
/// packed gradient.
package struct ByteWeightGradientParameters: KernelParameters {
  package static let name = "byte_weight_gradient"

  /// The rows of X and dY, the columns of X, and those of dY.
  package let rows: Int
  package let inputs: Int
  package let outputs: Int
  package let scale: Float
  package let update: OptimizerUpdate

  /// Blocks of 32 rows of X that are converted at a time, into the second-level cache.
  package static let rowBlocks = 8

  package init(rows: Int, inputs: Int, outputs: Int, scale: Float, update: OptimizerUpdate) {
    self.rows = rows
    self.inputs = inputs
    self.outputs = outputs
    self.scale = scale
    self.update = update
  }

  package func kernel(in table: KernelTable) -> Kernel { table.byteWeightGradient }

  /// An item is a panel of X.
  package var items: Int { BytePanels.count(inputs) }
  package var flops: Double { 2 * Double(rows) * Double(inputs) * Double(outputs) }
  /// Two groups of converted rows, sums, and a panel of them as weights are packed.
  package var scratchBytes: Int {
    2 * Self.rowBlocks * BytePanels.rowGroupBytes + 4 * ceilingQuotient(outputs, 32) * 32 * Self.sumStride
      + 4 * 16 * BytePanels.width
  }
  /// Floats from the sums of an output to those of the next.
  package static let sumStride = BytePanels.width + 16
}
