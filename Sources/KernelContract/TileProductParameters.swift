/// The same product as `MatrixProductParameters`, by the processor's matrix tiles: `C[i, j] = epilogue(Σ_k A[i, k] * B[k, j])`.
///
/// Tiles multiply bfloat16, numbers of 8 bits, and add in float32. Every float32 is the sum of three of them, x = h + m + l, and
/// of the nine products of two such sums the six largest are added: what is left out is less than 2⁻²³ of the product, and on average
/// far less than its rounding. Sums of 32 products are rounded together, so the result errs less than a sum of float32
/// products does. But infinities, and numbers beyond 3.39e38, become "not a number", and parts below 2⁻¹²⁶ become zero.
///
/// Operands: A split by `TileSplitParameters`, `b`, `c`, then those of the epilogue. Rows of `c` are whole vectors.
package struct TileProductParameters: KernelParameters {
  package static let name = "tile_product"

  package let rows: Int
  package let columns: Int
  package let depth: Int
  package let b: MatrixStrides
  package let cRowStride: Int
  package let epilogue: Epilogue

  /// The rows (a multiple of 32) and the columns (of 16) of one item.
  package let rowBlock: Int
  package let columnBlock: Int
  /// Steps, a multiple of 32, whose part of B is split at a time: it stays in the second-level cache while all rows pass by.
  package let depthBlock: Int

  package init(rows: Int, columns: Int, depth: Int, b: MatrixStrides, cRowStride: Int, epilogue: Epilogue) {
    self.rows = rows
    self.columns = columns
    self.depth = depth
    self.b = b
    self.cRowStride = cRowStride
    self.epilogue = epilogue
    // Each item splits its part of B and reads all of its rows of A: large items, but enough of them for the workers.
    let pairs = ceilingQuotient(columns, 32)
    let rowPairs = ceilingQuotient(rows, 32)
    func items(_ columnPairs: Int, _ rowBlock: Int) -> Int {
      ceilingQuotient(pairs, columnPairs) * ceilingQuotient(rowPairs, rowBlock)
    }
    let sizes = [(8, 128), (8, 16), (4, 16), (4, 8), (2, 8), (2, 4)]
    let size = sizes.first { items($0.0, $0.1) >= 8 } ?? (1, 4)
    columnBlock = 32 * ceilingQuotient(pairs, ceilingQuotient(pairs, size.0))
    rowBlock = 32 * ceilingQuotient(rowPairs, ceilingQuotient(rowPairs, size.1))
    let blocks = ceilingQuotient(depth, 32)
    depthBlock = 32 * ceilingQuotient(blocks, ceilingQuotient(blocks, max(3, 6000 / columnBlock)))
  }

  package func kernel(in table: KernelTable) -> Kernel { table.tileProduct }

  package var rowBlocks: Int { ceilingQuotient(rows, rowBlock) }
  package var items: Int { rowBlocks * ceilingQuotient(columns, columnBlock) }
  package var flops: Double { 2 * Double(rows) * Double(columns) * Double(depth) }
  /// A block of B as three parts of bfloat16, and a block of sums at the border.
  package var scratchBytes: Int { TileSplitParameters.bytes(rows: columnBlock, depth: depthBlock) + 32 * 32 * 4 }
}

/// Splits the rows of a matrix into parts of bfloat16, for `TileProductParameters`: `[⌈rows / 16⌉][⌈depth / 32⌉][3][16 x 32]`, zero
/// beyond the last row and step. Operands: the matrix, the result.
package struct TileSplitParameters: KernelParameters {
  package static let name = "tile_split"

  package let rows: Int
  package let depth: Int
  package let strides: MatrixStrides

  /// The matrix is row-major or column-major, not packed.
  package init(rows: Int, depth: Int, strides: MatrixStrides) {
    precondition((strides.column == 1 || strides.row == 1) && !strides.isPanels && strides.rowPanel == 0)
    self.rows = rows
    self.depth = depth
    self.strides = strides
  }

  /// The bytes of so many rows.
  package static func bytes(rows: Int, depth: Int) -> Int {
    ceilingQuotient(rows, 16) * ceilingQuotient(depth, 32) * blockBytes
  }
  /// Three parts of 16 rows and 32 steps.
  package static let blockBytes = 3 * 1024

  package func kernel(in table: KernelTable) -> Kernel { table.tileSplit }
  package var resultBytes: Int { Self.bytes(rows: rows, depth: depth) }
  /// An item is 16 rows.
  package var items: Int { ceilingQuotient(rows, 16) }
  package var scratchBytes: Int { 0 }
  package var flops: Double { 0 }
}
