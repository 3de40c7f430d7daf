import CPUDetection
import KernelContract

#if AVX512
  /// The kernel of `ByteProductParameters`; an item is a part of the depth by a block of columns.
  func byteProduct(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
    let product = ByteProduct(context)
    netc_tiles_begin()
    for item in first..<end { product.run(item) }
    netc_tiles_end()
  }

  /// One call, with its operands unpacked.
  private struct ByteProduct {
    let p: ByteProductParameters
    let x: UnsafePointer<UInt8>
    let weights: UnsafePointer<Float>
    let partial: UnsafeMutablePointer<Float>
    /// Two groups of 32 rows: while one is multiplied the next is converted.
    let rowTiles: UnsafeMutableRawPointer
    let border: UnsafeMutablePointer<Float>
    let columnTiles: UnsafeMutableRawPointer

    init(_ context: borrowing KernelContext) {
      p = context.parameters.load(as: ByteProductParameters.self)
      x = UnsafePointer(context.operands[0].assumingMemoryBound(to: UInt8.self))
      weights = UnsafePointer(context.floats(1))
      partial = context.floats(2)
      rowTiles = context.scratch
      border = (rowTiles + 2 * BytePanels.rowGroupBytes).assumingMemoryBound(to: Float.self)
      columnTiles = UnsafeMutableRawPointer(border + 32 * 32)
    }

    func run(_ item: Int) {
      let split = item / p.columnBlocks
      let firstColumn = item % p.columnBlocks * p.columnBlock
      let columns = min(p.columnBlock, p.columns - firstColumn)
      let panels = BytePanels.count(p.depth)
      let (first, end) = (panels * split / p.splits, panels * (split + 1) / p.splits)
      let c = partial + split * p.rows * p.cRowStride + firstColumn
      var group = RowGroup(x + first * p.rows * BytePanels.width, rows: min(32, p.rows), to: rowTiles)
      for row in 0..<32 { group.convert(row, 0..<BytePanels.blocks) }
      for panel in first..<end {
        for column in 0..<ceilingQuotient(columns, lanes) {
          splitWeights(panel: firstColumn / lanes + column, block: panel * BytePanels.blocks, number: column)
        }
        for row in stride(from: 0, to: p.rows, by: 32) {
          let rows = min(32, p.rows - row)
          // Groups lie one behind the other, those of the next panel behind those of this one.
          let isLast = row + 32 >= p.rows
          var next = group
          next.rows = isLast && panel + 1 == end ? 0 : min(32, isLast ? p.rows : p.rows - row - 32)
          next.source += rows * BytePanels.width
          next.result = rowTiles + (group.result == rowTiles ? BytePanels.rowGroupBytes : 0)
          multiply(group, next, rows: rows, columns: columns, to: c + row * p.cRowStride, accumulates: panel > first)
          group = next
        }
      }
    }

    /// Splits a panel of columns of 512 rows of weights, scaled: `[block][3][16 x 32]`, zero beyond the last row.
    @inline(never)
    private func splitWeights(panel: Int, block: Int, number: Int) {
      let scale = Vector(repeating: p.scale)
      var result = columnTiles + number * BytePanels.blocks * TileSplitParameters.blockBytes
      for block in block..<block + BytePanels.blocks {
        let from = weights + (panel * p.depth + block * 32) * lanes
        let steps = p.depth - block * 32
        for w in 0..<lanes {
          netc_prefetch(from + (64 + w) * lanes)
          netc_prefetch(from + (80 + w) * lanes)
          let low = w < steps ? scale * from.vector(at: w * lanes) : .zero
          let high = w + lanes < steps ? scale * from.vector(at: (w + lanes) * lanes) : .zero
          storeParts(splitInThree(low, high), result + w * 64)
        }
        result += TileSplitParameters.blockBytes
      }
    }

    /// What a panel adds to the sums of at most 32 rows and a block of columns; meanwhile the next rows are converted.
    @inline(__always)
    private func multiply(
      _ group: RowGroup, _ next: RowGroup, rows: Int, columns: Int, to c: UnsafeMutablePointer<Float>,
      accumulates: Bool
    ) {
      let size = BytePanels.blocks * TileSplitParameters.blockBytes
      for first in stride(from: 0, to: columns, by: 32) {
        let panels = min(2, ceilingQuotient(columns - first, lanes))
        // At the border a whole block is computed aside.
        let isWhole = rows == 32
        let result = isWhole ? c + first : border
        let rowStride = isWhole ? p.cRowStride : 32
        if !isWhole && accumulates {
          for r in 0..<rows {
            for n in 0..<panels {
              border.store(c.vector(at: r * p.cRowStride + first + n * lanes), at: r * 32 + n * lanes)
            }
          }
        }
        let n = Int32(truncatingIfNeeded: panels)
        let converts = first == 0 && next.rows > 0
        if accumulates { netc_tiles_load_sums(result, rowStride * 4, 2, n) } else { netc_tiles_clear_sums() }
        var (a, b) = (UnsafeRawPointer(group.result), UnsafeRawPointer(columnTiles + first / lanes * size))
        for block in 0..<BytePanels.blocks {
          netc_tiles_load_rows(a, 64, BytePanels.blocks * 1024, 2)
          netc_tiles_load_columns(b + 2048, size, n)
          netc_tiles_multiply(2, n)
          // A processor has few tiles to rename to, so it starts only what stands close behind a product while that goes on.
          if converts { next.convert(2 * block, 0..<11) }
          netc_tiles_load_columns(b + 1024, size, n)
          netc_tiles_multiply(2, n)
          if converts {
            next.convert(2 * block, 11..<16)
            next.convert(2 * block + 1, 0..<6)
          }
          netc_tiles_load_columns(b, size, n)
          netc_tiles_multiply(2, n)
          if converts { next.convert(2 * block + 1, 6..<16) }
          a += 1024
          b += TileSplitParameters.blockBytes
        }
        netc_tiles_store_sums(result, rowStride * 4, 2, n)
        if isWhole { continue }
        for r in 0..<rows {
          for n in 0..<panels {
            c.store(border.vector(at: r * 32 + n * lanes), at: r * p.cRowStride + first + n * lanes)
          }
        }
      }
    }
  }

  /// Rows of a panel on their way to two tiles for each block: `[2][block][16 x 32]`.
  private struct RowGroup {
    var source: UnsafePointer<UInt8>
    /// Further rows are copies of the last, whose sums nobody stores.
    var rows: Int
    var result: UnsafeMutableRawPointer

    init(_ source: UnsafePointer<UInt8>, rows: Int, to result: UnsafeMutableRawPointer) {
      self.source = source
      self.rows = rows
      self.result = result
    }

    /// Converts some blocks of 32 columns of a row.
    @inline(__always)
    func convert(_ row: Int, _ blocks: Range<Int>) {
      let from = source + min(row, rows - 1) * BytePanels.width
      let words = result + (row / lanes * BytePanels.blocks * 1024 + row % lanes * 64)
      for block in blocks {
        netc_tiles_convert_bytes(from + block * 32, from + (block * 32 + lanes), words + block * 1024)
      }
    }
  }
#endif
