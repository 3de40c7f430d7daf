/// `C[i, j] = epilogue(Σ_k A[i, k] * B[k, j])`, for each matrix of a batch. Every stride is in floats.
///
/// Operands: `a`, `b`, `c`, then those of the epilogue. Rows of `c` are whole vectors; elements of `a` and `b` are read
/// within their exact extents, except that packed panels are whole. A batch shares the epilogue's bias.
package struct MatrixProductParameters: KernelParameters {
  package static let name = "matrix_product"

  /// The extents of one product: C is `rows` by `columns`, the sum runs over `depth`.
  package let rows: Int
  package let columns: Int
  package let depth: Int
  package let a: MatrixStrides
  package let b: MatrixStrides
  package let cRowStride: Int
  package let epilogue: Epilogue

  /// How many products, and the distances between their matrices (0: shared).
  package let batch: Int
  package let aBatchStride: Int
  package let bBatchStride: Int
  package let cBatchStride: Int

  /// The blocks that make one item: its rows, its columns (a multiple of 16) and its share of the depth.
  package let rowBlock: Int
  package let columnBlock: Int
  package let splits: Int
  /// Steps that are summed in registers before the tile goes back to memory.
  package let depthBlock: Int

  /// `splits` of the depth write their sums to `splits` matrices C, one after another, for `SplitSumParameters`.
  package init(
    rows: Int, columns: Int, depth: Int, a: MatrixStrides, b: MatrixStrides, cRowStride: Int, epilogue: Epilogue,
    batch: Int = 1, aBatchStride: Int = 0, bBatchStride: Int = 0, cBatchStride: Int = 0, splits: Int = 1
  ) {
    self.rows = rows
    self.columns = columns
    self.depth = depth
    self.a = a
    self.b = b
    self.cRowStride = cRowStride
    self.epilogue = epilogue
    self.batch = batch
    self.aBatchStride = aBatchStride
    self.bBatchStride = bBatchStride
    self.cBatchStride = cBatchStride
    self.splits = splits

    // A block of B stays in the second-level cache while all rows of the item pass by; the depth is cut only where a panel
    // pair alone would fill the first level many times over. All of a small B is one block: no panels are left over that
    // make no wide tile.
    let splitDepth = max(1, ceilingQuotient(depth, splits))
    // Few rows wait for B, which they read once: panels from one end to the other, in items so small that workers end together.
    let readsOnce = rows <= 4 && splitDepth * rows <= 1 << 15
    depthBlock =
      splitDepth <= 1100 || readsOnce
      ? splitDepth : ceilingQuotient(ceilingQuotient(splitDepth, ceilingQuotient(splitDepth, 1024)), 16) * 16
    let panels = ceilingQuotient(columns, 16)
    let isSmall = depthBlock == splitDepth && panels * 16 * depthBlock <= 1 << 18
    let cachedPanels = isSmall ? panels : readsOnce ? 3 : max(3, 170_000 / (16 * depthBlock) / 3 * 3)
    var columnBlocks = ceilingQuotient(panels, cachedPanels)
    // Sums that are added to again and again: many rows, so that B is read less often.
    var rowBlocks = ceilingQuotient(rows, depthBlock < splitDepth ? 2048 : 256)
    // Enough items for the workers, but none so small that starting it costs more than it does.
    let wanted = min(16, 1 + Int(Double(rows) * Double(panels * 16) * Double(depth) / 250_000)) / max(1, batch * splits)
    if rowBlocks * columnBlocks < wanted {
      rowBlocks = max(rowBlocks, min(ceilingQuotient(wanted, columnBlocks), ceilingQuotient(rows, 30)))
    }
    if rowBlocks * columnBlocks < wanted {
      columnBlocks = max(columnBlocks, min(ceilingQuotient(wanted, rowBlocks), ceilingQuotient(panels, 2)))
    }
    if rowBlocks * columnBlocks < wanted {
      rowBlocks = max(rowBlocks, min(ceilingQuotient(wanted, columnBlocks), ceilingQuotient(rows, 7)))
    }
    rowBlock = max(1, ceilingQuotient(rows, rowBlocks))
    let panelBlock = ceilingQuotient(panels, columnBlocks)
    // The widest register tile has three panels; an item more or less does not matter where there are many.
    columnBlock = 16 * (columnBlocks > 3 ? ceilingQuotient(panelBlock, 3) * 3 : max(1, panelBlock))
  }

  package func kernel(in table: KernelTable) -> Kernel { table.matrixProduct }

  /// The blocks of rows and of columns of one product.
  package var rowBlocks: Int { ceilingQuotient(rows, rowBlock) }
  package var columnBlocks: Int { ceilingQuotient(columns, columnBlock) }

  package var items: Int { batch * splits * rowBlocks * columnBlocks }
  package var flops: Double { 2 * Double(batch) * Double(rows) * Double(columns) * Double(depth) }

  /// Whether items copy their block of A to scratch: rows a multiple of 4096 bytes apart share one set of the cache.
  package var packsA: Bool {
    a.column == 1 ? a.row % 1024 == 0 && columnBlock > 32 : a.row != 1 || a.column % 1024 == 0
  }
  /// Whether items copy their block of B to panels in scratch.
  package var packsB: Bool {
    // Panels a multiple of 64 KB apart share few sets of the second-level cache.
    b.isPanels
      ? b.panel % 16384 == 0 && rowBlock >= 512 && columnBlock > 128
      : b.column != 1 || columns % 16 != 0 || rowBlock > 28 || b.row % 1024 == 0
  }

  package var scratchBytes: Int {
    let aFloats = packsA ? 16 * (depthBlock + 16) : 0
    let bFloats = packsB ? (depthBlock + 1) * columnBlock : 0
    return 4 * (aFloats + bFloats)
  }
}

/// Where the elements of a matrix lie: element (i, j) at `i * row + j * column`, or packed in panels.
package struct MatrixStrides: Sendable, Hashable {
  package let row: Int
  package let column: Int
  /// Panels of 16 columns: element (i, j) at `j / 16 * panel + i * 16 + j % 16`. Zero: not packed.
  package let panel: Int
  /// Panels of 16 rows: element (i, j) at `i / 16 * rowPanel + j * 16 + i % 16`. Zero: not packed.
  package let rowPanel: Int

  private init(row: Int, column: Int, panel: Int = 0, rowPanel: Int = 0) {
    self.row = row
    self.column = column
    self.panel = panel
    self.rowPanel = rowPanel
  }

  /// Consecutive elements of a row are neighbours.
  package static func rowMajor(_ stride: Int) -> Self { Self(row: stride, column: 1) }
  /// Consecutive elements of a column are neighbours: the transpose of a row-major matrix with that row stride.
  package static func columnMajor(_ stride: Int) -> Self { Self(row: 1, column: stride) }
  /// Packed weights of `rows` rows, as `PanelPackingParameters` makes them.
  package static func panels(rows: Int) -> Self { Self(row: 16, column: 1, panel: 16 * rows) }
  /// The transpose of packed weights: a matrix B of `columns` columns whose rows are packed by 16. Splits are not for it.
  package static func transposedPanels(columns: Int) -> Self { Self(row: 1, column: 16, rowPanel: 16 * columns) }

  package var isPanels: Bool { panel != 0 }
}

/// `count / size` rounded up.
@inlinable package func ceilingQuotient(_ count: Int, _ size: Int) -> Int { (count + size - 1) / max(1, size) }
