import CPUDetection
import KernelContract

/// The kernel of `MatrixProductParameters`.
func matrixProduct(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let product = MatrixProduct(context)
  for item in first..<end { product.run(item) }
}

/// One call of the matrix product, with its operands unpacked.
private struct MatrixProduct {
  let p: MatrixProductParameters
  let a: UnsafePointer<Float>
  let b: UnsafePointer<Float>
  let c: UnsafeMutablePointer<Float>
  let epilogue: TileEpilogue
  let aScratch: UnsafeMutablePointer<Float>
  let bScratch: UnsafeMutablePointer<Float>
  let packsA: Bool
  let packsB: Bool

  init(_ context: borrowing KernelContext) {
    p = context.parameters.load(as: MatrixProductParameters.self)
    a = UnsafePointer(context.floats(0))
    b = UnsafePointer(context.floats(1))
    c = context.floats(2)
    epilogue = TileEpilogue(p.epilogue, context, first: 3)
    packsA = p.packsA
    packsB = p.packsB
    aScratch = context.scratch.assumingMemoryBound(to: Float.self)
    bScratch = aScratch + (packsA ? 16 * (p.depthBlock + 16) : 0)
  }

  /// Computes one block of C, or of one split's part of it.
  func run(_ item: Int) {
    let rowBlocks = p.rowBlocks
    let columnBlocks = p.columnBlocks
    let firstRow = item % rowBlocks * p.rowBlock
    let firstColumn = item / rowBlocks % columnBlocks * p.columnBlock
    let split = item / (rowBlocks * columnBlocks) % p.splits
    let batch = item / (rowBlocks * columnBlocks * p.splits)
    let rows = min(p.rowBlock, p.rows - firstRow)
    let columns = min(p.columnBlock, p.columns - firstColumn)
    let a = a + batch * p.aBatchStride + firstRow * p.a.row
    let b = b + batch * p.bBatchStride
    let cOffset = batch * p.cBatchStride + split * p.rows * p.cRowStride + firstRow * p.cRowStride + firstColumn

    let firstStep = p.depth * split / p.splits
    let endStep = p.depth * (split + 1) / p.splits
    var step = firstStep
    repeat {
      let steps = min(p.depthBlock, endStep - step)
      multiply(
        a + step * p.a.column, b, rows: rows, columns: columns, firstStep: step, steps: steps, firstColumn: firstColumn,
        cOffset: cOffset, accumulates: step > firstStep, isLast: step + steps == endStep)
      step += steps
    } while step < endStep
  }

  /// Adds `steps` of the sum to a block of C. Row tiles outside: a tile of A stays in the first-level cache while the
  /// panels of B pass by from the second.
  private func multiply(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, rows: Int, columns: Int, firstStep: Int, steps: Int,
    firstColumn: Int, cOffset: Int, accumulates: Bool, isLast: Bool
  ) {
    let panels = ceilingQuotient(columns, lanes)
    var shape = Contraction(
      steps: steps, aStep: p.a.column, bStep: p.b.row, aRow: p.a.row, bPanel: p.b.isPanels ? p.b.panel : lanes,
      cRow: p.cRowStride, cPanel: lanes, accumulates: accumulates, streams: p.rows <= 64,
      streamsRows: p.columns <= 32, aheadStep: 4)
    var bBlock =
      b + (p.b.isPanels ? firstColumn / lanes * p.b.panel : firstColumn * p.b.column)
      + (p.b.rowPanel > 0 ? firstStep / lanes * p.b.rowPanel : firstStep * p.b.row)
    if packsB {
      packPanels(bBlock, p.b, steps: steps, columns: columns, to: bScratch, panelStride: (steps + 1) * lanes)
      bBlock = UnsafePointer(bScratch)
      shape.bStep = lanes
      shape.bPanel = (steps + 1) * lanes
    }
    if packsA {
      shape.aStep = p.a.row == 1 ? lanes : 1
      shape.aRow = p.a.row == 1 ? 1 : steps + lanes
    }
    // Panels that make no tile of the widest kind get taller ones; one alone would load twice as much as it multiplies.
    let tailPanels = panels % productPanels == 1 && panels > productPanels ? productPanels + 1 : panels % productPanels
    let widePanels = panels - tailPanels
    if widePanels > 0 {
      multiply(
        a, bBlock, shape, rows: rows, panels: 0..<widePanels, mostRows: productRows,
        mostPanels: productPanels, firstColumn: firstColumn, cOffset: cOffset, isLast: isLast)
    }
    if tailPanels > 0 {
      multiply(
        a, bBlock, shape, rows: rows, panels: widePanels..<panels, mostRows: tileRows,
        mostPanels: tilePanels, firstColumn: firstColumn, cOffset: cOffset, isLast: isLast)
    }
  }

  /// The same with register tiles of at most the given size, for some of the block's panels.
  private func multiply(
    _ a: UnsafePointer<Float>, _ bBlock: UnsafePointer<Float>, _ block: Contraction, rows: Int, panels: Range<Int>,
    mostRows: Int, mostPanels: Int, firstColumn: Int, cOffset: Int, isLast: Bool
  ) {
    var shape = block
    var tiles = Tiles(rows, most: mostRows)
    while let tile = tiles.next() {
      // The rows of the next tile, or of the first in the next block of the depth, are fetched while this one is computed:
      // each starts on a page of its own, where the processor's own fetching would start anew.
      let nextFirst = tile.first + tile.count
      let next = nextFirst < rows ? a + nextFirst * p.a.row : a + shape.steps
      var aTile = a + tile.first * p.a.row
      if packsA {
        packRows(aTile, rows: tile.count, steps: shape.steps, shape)
        aTile = UnsafePointer(aScratch)
      }
      var panel = panels.lowerBound
      while panel < panels.upperBound {
        let count = min(mostPanels, panels.upperBound - panel)
        let offset = cOffset + tile.first * p.cRowStride + panel * lanes
        epilogue.prepare(&shape, column: firstColumn + panel * lanes, isLast: isLast)
        let part = (panel - panels.lowerBound) / mostPanels
        shape.ahead = p.a.column == 1 && part < tile.count ? UnsafeRawPointer(next + part * p.a.row) : nil
        if shape.accumulates {
          shape.cAhead =
            panel + count < panels.upperBound
            ? count * lanes : tile.count * p.cRowStride - (panel - panels.lowerBound) * lanes
        }
        shape.tile(rows: tile.count, panels: count, aTile, bBlock + panel * shape.bPanel, c + offset)
        if isLast && !epilogue.isInRegisters {
          epilogue.apply(
            c, offset: offset, column: firstColumn + panel * lanes, rows: tile.count, panels: count,
            rowStride: p.cRowStride)
        }
        panel += count
      }
    }
  }

  /// Copies a tile of A to scratch with the strides of `shape`.
  private func packRows(_ a: UnsafePointer<Float>, rows: Int, steps: Int, _ shape: Contraction) {
    if p.a.column == 1 {
      for r in 0..<rows { copyFloats(a + r * p.a.row, aScratch + r * shape.aRow, count: steps) }
    } else {
      for k in 0..<steps {
        for r in 0..<rows { aScratch[r * shape.aRow + k * shape.aStep] = a[r * p.a.row + k * p.a.column] }
      }
    }
  }
}
