import CPUDetection
import KernelContract

#if AVX512
  /// The kernel of `TileProductParameters`; an item is a block of rows by a block of columns.
  func tileProduct(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
    let product = TileProduct(context)
    netc_tiles_begin()
    for item in first..<end { product.run(item) }
    netc_tiles_end()
  }

  /// One call, with its operands unpacked.
  private struct TileProduct {
    let p: TileProductParameters
    let a: UnsafeRawPointer
    let b: UnsafePointer<Float>
    let c: UnsafeMutablePointer<Float>
    let epilogue: TileEpilogue
    let place: TileSource
    /// A block of B in three parts, and sums at the border of the matrix.
    let columnTiles: UnsafeMutableRawPointer
    let border: UnsafeMutablePointer<Float>

    init(_ context: borrowing KernelContext) {
      p = context.parameters.load(as: TileProductParameters.self)
      a = UnsafeRawPointer(context.operands[0])
      b = UnsafePointer(context.floats(1))
      c = context.floats(2)
      epilogue = TileEpilogue(p.epilogue, context, first: 3)
      place = TileSource(columnsOf: p.b)
      border = context.scratch.assumingMemoryBound(to: Float.self)
      columnTiles = context.scratch + 32 * 32 * 4
    }

    func run(_ item: Int) {
      let firstRow = item % p.rowBlocks * p.rowBlock
      let firstColumn = item / p.rowBlocks * p.columnBlock
      let rows = min(p.rowBlock, p.rows - firstRow)
      let columns = min(p.columnBlock, p.columns - firstColumn)
      let blocks = ceilingQuotient(p.depth, 32)
      let rowTile = blocks * TileSplitParameters.blockBytes
      var parts = Tiles(blocks, most: p.depthBlock / 32)
      while let part = parts.next() {
        split(firstBlock: part.first, count: part.count, firstColumn: firstColumn, columns: columns)
        for row in stride(from: 0, to: rows, by: 32) {
          let tiles = a + (firstRow + row) / lanes * rowTile + part.first * TileSplitParameters.blockBytes
          multiply(
            tiles, rowTile, rows: min(32, rows - row), columns: columns, blocks: part.count,
            offset: (firstRow + row) * p.cRowStride + firstColumn, column: firstColumn, isFirst: part.first == 0,
            isLast: part.first + part.count == blocks)
        }
      }
    }

    /// Adds some blocks of the sum to at most 32 rows of C: as many at a time as leave room for their tiles of A in the first-level cache.
    @inline(__always)
    private func multiply(
      _ tiles: UnsafeRawPointer, _ rowTile: Int, rows: Int, columns: Int, blocks: Int,
      offset: Int, column: Int, isFirst: Bool, isLast: Bool
    ) {
      let size = TileSplitParameters.blockBytes
      // Tiles of A that are needed next are fetched meanwhile.
      let lines = ceilingQuotient(size / 64, ceilingQuotient(columns, 32))
      var parts = Tiles(blocks, most: 4)
      while let part = parts.next() {
        let isEnd = part.first + part.count == blocks
        var ahead = isEnd ? tiles + 2 * rowTile : tiles + (part.first + part.count) * size
        for first in stride(from: 0, to: columns, by: 32) {
          let panels = min(2, ceilingQuotient(columns - first, lanes))
          multiply(
            TileBlock(
              rows: tiles + part.first * size, nextRows: rowTile,
              columns: columnTiles + (first / lanes * blocks + part.first) * size, nextColumns: blocks * size,
              count: part.count, ahead: ahead, linesAhead: lines),
            rows: rows, panels: panels, offset: offset + first, accumulates: !isFirst || part.first > 0)
          ahead += part.count * lines * 64
          if isLast && isEnd {
            epilogue.apply(
              c, offset: offset + first, column: column + first, rows: rows, panels: panels, rowStride: p.cRowStride)
          }
        }
      }
    }

    /// Splits blocks of 32 steps of B: `[panel][block][3][16 x 32]`.
    @inline(never)
    private func split(firstBlock: Int, count: Int, firstColumn: Int, columns: Int) {
      let size = TileSplitParameters.blockBytes
      for block in 0..<count {
        let step = (firstBlock + block) * 32
        let steps = min(32, p.depth - step)
        let from =
          b + firstColumn * (p.b.isPanels ? 0 : p.b.column)
          + (p.b.rowPanel > 0 ? step / lanes * p.b.rowPanel : step * p.b.row)
        for panel in 0..<ceilingQuotient(columns, lanes) {
          splitTile(
            from + (p.b.isPanels ? (firstColumn / lanes + panel) * p.b.panel : panel * lanes * p.b.column), place,
            isRows: false, count: p.b.isPanels ? lanes : min(lanes, columns - panel * lanes),
            // Packed rows are whole.
            steps: p.b.rowPanel > 0 ? ceilingQuotient(steps, lanes) * lanes : steps,
            ahead: p.b.rowPanel > 0 ? 4 * p.b.rowPanel : 64 * p.b.row, to: columnTiles + (panel * count + block) * size)
        }
      }
    }

    /// Adds a block of the sum to at most 32 rows and two panels of C.
    @inline(__always)
    private func multiply(_ block: TileBlock, rows: Int, panels: Int, offset: Int, accumulates: Bool) {
      let rowTiles = rows > lanes ? 2 : 1
      let result = c + offset
      if rows == rowTiles * lanes {
        block.multiply(rows: rowTiles, panels: panels, to: result, rowStride: p.cRowStride, accumulates: accumulates)
        return
      }
      if accumulates {
        for r in 0..<rows {
          for p in 0..<panels {
            border.store(result.vector(at: r * self.p.cRowStride + p * lanes), at: r * 32 + p * lanes)
          }
        }
      }
      block.multiply(rows: rowTiles, panels: panels, to: border, rowStride: 32, accumulates: accumulates)
      for r in 0..<rows {
        for p in 0..<panels {
          result.store(border.vector(at: r * 32 + p * lanes), at: r * self.p.cRowStride + p * lanes)
        }
      }
    }
  }

  /// One or two tiles of rows and of columns, split in three, for some blocks of 32 steps: each block is the parts h, m, l, of 1 KB.
  struct TileBlock {
    let rows: UnsafeRawPointer
    /// The distance in bytes from the first tile of rows to the second.
    let nextRows: Int
    let columns: UnsafeMutableRawPointer
    let nextColumns: Int
    /// How many blocks of 32 steps.
    let count: Int
    /// Tiles of rows that are needed soon: in each block so many lines of both are fetched.
    let ahead: UnsafeRawPointer
    let linesAhead: Int

    /// Computes sums in memory.
    @inline(__always)
    func multiply(
      rows rowTiles: Int, panels: Int, to c: UnsafeMutablePointer<Float>, rowStride: Int, accumulates: Bool
    ) {
      let m = Int32(truncatingIfNeeded: rowTiles)
      let n = Int32(truncatingIfNeeded: panels)
      if accumulates { netc_tiles_load_sums(c, rowStride * 4, m, n) } else { netc_tiles_clear_sums() }
      add(rows: rowTiles, panels: panels)
      netc_tiles_store_sums(c, rowStride * 4, m, n)
    }

    /// The micro-kernel: adds the six largest of the nine products of parts to the sums in the tiles.
    @inline(__always)
    func add(rows rowTiles: Int, panels: Int) {
      let m = Int32(truncatingIfNeeded: rowTiles)
      let n = Int32(truncatingIfNeeded: panels)
      var a = rows
      var b = UnsafeRawPointer(columns)
      var next = ahead
      for _ in 0..<count {
        for line in 0..<linesAhead {
          netc_prefetch(next + line * 64)
          netc_prefetch(next + (nextRows + line * 64))
        }
        next += linesAhead * 64
        netc_tiles_load_columns(b, nextColumns, n)
        netc_tiles_load_rows(a + 2048, 64, nextRows, m)
        netc_tiles_multiply(m, n)
        netc_tiles_load_rows(a + 1024, 64, nextRows, m)
        netc_tiles_multiply(m, n)
        netc_tiles_load_rows(a, 64, nextRows, m)
        netc_tiles_multiply(m, n)
        netc_tiles_load_columns(b + 1024, nextColumns, n)
        netc_tiles_multiply(m, n)
        netc_tiles_load_rows(a + 1024, 64, nextRows, m)
        netc_tiles_multiply(m, n)
        netc_tiles_load_columns(b + 2048, nextColumns, n)
        netc_tiles_load_rows(a, 64, nextRows, m)
        netc_tiles_multiply(m, n)
        a += TileSplitParameters.blockBytes
        b += TileSplitParameters.blockBytes
      }
    }
  }
#endif
