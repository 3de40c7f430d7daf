import CPUDetection
import KernelContract

#if AVX512
  /// Sums of 4 rows by 6 columns, a vector of each row and one of a column take 29 of 32 registers.
  private typealias DotSums<let columns: Int> = InlineArray<4, InlineArray<columns, RegisterVector>>
  private typealias DotRows = InlineArray<4, RegisterVector>
  private let dotRows = 4
  private let dotColumns = 6
#else
  /// Sums of 3 rows by 4 columns, a vector of each row and one of a column take 16 of 16 registers.
  private typealias DotSums<let columns: Int> = InlineArray<3, InlineArray<columns, RegisterVector>>
  private typealias DotRows = InlineArray<3, RegisterVector>
  private let dotRows = 3
  private let dotColumns = 4
#endif

/// The numbers of a row, and of a column of weights, that tiles multiply before the next ones take their place: with all columns they fit
/// into the first-level cache.
@_transparent private var depthBlock: Int { 32 * registerLanes }

/// The kernel of `ByteVectorProductParameters`; an item is a block of rows by a block of columns by a part of the depth.
func byteVectorProduct(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let product = ByteVectorProduct(context)
  for item in first..<end { product.run(item) }
}

/// One call, with its operands unpacked.
private struct ByteVectorProduct {
  let p: ByteVectorProductParameters
  let x: UnsafePointer<UInt8>
  let weights: UnsafePointer<Float>
  let partial: UnsafeMutablePointer<Float>
  /// The sums of each tile, one tile behind the other in the order in which they are computed.
  let sums: UnsafeMutablePointer<Float>
  /// The weights of a panel of bytes, column by column.
  let columns: UnsafeMutablePointer<Float>
  /// The rows of a tile as floats.
  let converted: UnsafeMutablePointer<Float>
  /// The last rows of an item where they make no whole tile; those beyond hold anything, and their sums are not stored.
  let lastRows: UnsafeMutablePointer<UInt8>
  /// The bytes of a row in a panel.
  let width: Int

  init(_ context: borrowing KernelContext) {
    p = context.parameters.load(as: ByteVectorProductParameters.self)
    x = UnsafePointer(context.operands[0].assumingMemoryBound(to: UInt8.self))
    weights = UnsafePointer(context.floats(1))
    partial = context.floats(2)
    width = BytePanels.width
    columns = context.scratch.assumingMemoryBound(to: Float.self)
    converted = columns + p.columnBlock * depthBlock
    sums = converted + dotRows * depthBlock
    let rest = UnsafeMutableRawPointer(sums + p.rowBlock * p.columnBlock * registerLanes)
    lastRows = rest.assumingMemoryBound(to: UInt8.self)
  }

  func run(_ item: Int) {
    let rowBlocks = p.rowBlocks
    let columnBlocks = p.columnBlocks
    let split = item / (rowBlocks * columnBlocks)
    let firstRow = item % rowBlocks * p.rowBlock
    let firstColumn = item / rowBlocks % columnBlocks * p.columnBlock
    let rows = min(p.rowBlock, p.rows - firstRow)
    let columnCount = min(p.columnBlock, p.columns - firstColumn)
    let panels = BytePanels.count(p.depth)
    let tileSums = dotRows * columnCount * registerLanes
    for i in 0..<ceilingQuotient(rows, dotRows) * tileSums / registerLanes {
      UnsafeMutableRawPointer(sums + i * registerLanes).storeBytes(of: RegisterVector.zero, as: RegisterVector.self)
    }
    for panel in panels * split / p.splits..<panels * (split + 1) / p.splits {
      let panelDepth = min(width, p.depth - panel * width)
      for first in stride(from: 0, to: panelDepth, by: depthBlock) {
        let depth = min(depthBlock, panelDepth - first)
        transposeWeights(panel * width + first, depth: depth, firstColumn, columnCount)
        let bytes = x + ((panel * p.rows + firstRow) * width + first)
        for row in stride(from: 0, to: rows, by: dotRows) {
          let tile = bytes + row * width
          // Rows that come later are fetched.
          for r in 0..<dotRows {
            for line in 0..<depthBlock / 64 { netc_prefetch(tile + ((2 * dotRows + r) * width + line * 64)) }
          }
          multiply(
            row + dotRows <= rows ? tile : copyRows(tile, rows - row), depth, columns: columnCount,
            sums + row / dotRows * tileSums)
        }
      }
    }
    store(partial + ((split * p.rows + firstRow) * p.cRowStride + firstColumn), rows: rows, count: columnCount)
  }

  /// Writes the weights of a panel column by column, zero up to a whole vector beyond the last row.
  private func transposeWeights(_ first: Int, depth: Int, _ firstColumn: Int, _ count: Int) {
    for start in stride(from: 0, to: depth, by: lanes) {
      let result = columns + start
      var column = firstColumn
      while column < firstColumn + count {
        let end = min(firstColumn + count, column / lanes * lanes + lanes)
        transposeBlock(
          weights + ((column / lanes * p.depth + first + start) * lanes + column % lanes), rowStride: lanes,
          rows: min(lanes, depth - start), columns: end - column, to: result + (column - firstColumn) * depthBlock,
          resultStride: depthBlock)
        column = end
      }
    }
  }

  private func copyRows(_ rows: UnsafePointer<UInt8>, _ count: Int) -> UnsafePointer<UInt8> {
    for row in 0..<count { (lastRows + row * width).update(from: rows + row * width, count: depthBlock) }
    return UnsafePointer(lastRows)
  }

  /// Adds the products of a tile's rows with all columns to the sums. The first columns convert the rows on their way.
  @inline(__always)
  private func multiply(
    _ bytes: UnsafePointer<UInt8>, _ depth: Int, columns count: Int, _ sums: UnsafeMutablePointer<Float>
  ) {
    var shape = DotShape(
      steps: ceilingQuotient(depth, registerLanes), byteStride: width, bytes: bytes, rows: converted,
      columns: UnsafePointer(columns))
    var tiles = Tiles(count, most: dotColumns)
    var place = sums
    while let tile = tiles.next() {
      shape.multiply(columns: tile.count, place, converts: tile.first == 0)
      shape.columns += tile.count * depthBlock
      place += dotRows * tile.count * registerLanes
    }
  }

  /// Adds the lanes of the sums and scales them.
  private func store(_ c: UnsafeMutablePointer<Float>, rows: Int, count: Int) {
    var next = UnsafePointer(sums)
    for row in stride(from: 0, to: rows, by: dotRows) {
      var tiles = Tiles(count, most: dotColumns)
      while let tile = tiles.next() {
        for r in 0..<dotRows {
          for column in tile.first..<tile.first + tile.count {
            let sum = UnsafeRawPointer(next).loadUnaligned(as: RegisterVector.self).laneSum
            if row + r < rows { c[(row + r) * p.cRowStride + column] = p.scale * sum }
            next += registerLanes
          }
        }
      }
    }
  }
}

/// What register tiles have in common: `sums[r, j] += Σ_k X[r, k] * W[j, k]` over `steps` vectors along k.
private struct DotShape {
  var steps: Int
  /// Bytes from a row of X to the next.
  var byteStride: Int
  var bytes: UnsafePointer<UInt8>
  /// The rows as floats, which a tile that converts writes.
  var rows: UnsafeMutablePointer<Float>
  var columns: UnsafePointer<Float>

  @inline(__always)
  func multiply(columns count: Int, _ sums: UnsafeMutablePointer<Float>, converts: Bool) {
    withUnsafePointer(to: self) { shape in
      if converts {
        switch count {
        case 1: convertingDot1(shape, sums)
        case 2: convertingDot2(shape, sums)
        case 3: convertingDot3(shape, sums)
        #if AVX512
          case 4: convertingDot4(shape, sums)
          case 5: convertingDot5(shape, sums)
          default: convertingDot6(shape, sums)
        #else
          default: convertingDot4(shape, sums)
        #endif
        }
      } else {
        switch count {
        case 1: dot1(shape, sums)
        case 2: dot2(shape, sums)
        case 3: dot3(shape, sums)
        #if AVX512
          case 4: dot4(shape, sums)
          case 5: dot5(shape, sums)
          default: dot6(shape, sums)
        #else
          default: dot4(shape, sums)
        #endif
        }
      }
    }
  }
}

/// The register tile.
@inline(__always)
private func addProducts<let columns: Int>(
  _ type: DotSums<columns>.Type, _ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>, converts: Bool
) {
  let vectorBytes = registerLanes * 4
  let byteStride = shape.pointee.byteStride
  let place = UnsafeMutableRawPointer(sums)
  var results = DotSums<columns>(repeating: InlineArray<columns, RegisterVector>(repeating: .zero))
  for r in 0..<dotRows {
    for c in 0..<columns {
      results[r][c] = place.loadUnaligned(fromByteOffset: (r * columns + c) * vectorBytes, as: RegisterVector.self)
    }
  }
  var bytes = UnsafeRawPointer(shape.pointee.bytes)
  var rows = UnsafeMutableRawPointer(shape.pointee.rows)
  var weights = UnsafeRawPointer(shape.pointee.columns)
  var steps = shape.pointee.steps
  // Two steps at a time: what is decoded besides multiply-adds takes their time. Conversions leave no register for that.
  while !converts && steps >= 2 {
    addStep(&results, 0, bytes, rows, weights, byteStride, converts: converts)
    addStep(&results, 1, bytes, rows, weights, byteStride, converts: converts)
    rows += 2 * vectorBytes
    weights += 2 * vectorBytes
    steps -= 2
  }
  while steps > 0 {
    addStep(&results, 0, bytes, rows, weights, byteStride, converts: converts)
    bytes += registerLanes
    rows += vectorBytes
    weights += vectorBytes
    steps -= 1
  }
  for r in 0..<dotRows {
    for c in 0..<columns {
      place.storeBytes(of: results[r][c], toByteOffset: (r * columns + c) * vectorBytes, as: RegisterVector.self)
    }
  }
}

/// Adds the products of one vector of each row and of each column, `step` vectors from the pointers.
@inline(__always)
private func addStep<let columns: Int>(
  _ results: inout DotSums<columns>, _ step: Int, _ bytes: UnsafeRawPointer, _ rows: UnsafeMutableRawPointer,
  _ weights: UnsafeRawPointer, _ byteStride: Int, converts: Bool
) {
  let offset = step * registerLanes * 4
  var x = DotRows(repeating: .zero)
  for r in 0..<dotRows {
    if converts {
      x[r] = floats(bytes + (r * byteStride + step * registerLanes))
      rows.storeBytes(of: x[r], toByteOffset: r * 4 * depthBlock + offset, as: RegisterVector.self)
    } else {
      x[r] = rows.loadUnaligned(fromByteOffset: r * 4 * depthBlock + offset, as: RegisterVector.self)
    }
  }
  for c in 0..<columns {
    let w = weights.loadUnaligned(fromByteOffset: c * 4 * depthBlock + offset, as: RegisterVector.self)
    for r in 0..<dotRows { results[r][c] = results[r][c].addingProduct(x[r], w) }
  }
}

@inline(never)
private func convertingDot1(_ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>) {
  addProducts(DotSums<1>.self, shape, sums, converts: true)
}

@inline(never)
private func convertingDot2(_ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>) {
  addProducts(DotSums<2>.self, shape, sums, converts: true)
}

@inline(never)
private func convertingDot3(_ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>) {
  addProducts(DotSums<3>.self, shape, sums, converts: true)
}

@inline(never)
private func convertingDot4(_ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>) {
  addProducts(DotSums<4>.self, shape, sums, converts: true)
}

@inline(never)
private func dot1(_ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>) {
  addProducts(DotSums<1>.self, shape, sums, converts: false)
}

@inline(never)
private func dot2(_ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>) {
  addProducts(DotSums<2>.self, shape, sums, converts: false)
}

@inline(never)
private func dot3(_ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>) {
  addProducts(DotSums<3>.self, shape, sums, converts: false)
}

@inline(never)
private func dot4(_ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>) {
  addProducts(DotSums<4>.self, shape, sums, converts: false)
}
#if AVX512
  @inline(never)
  private func convertingDot5(_ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(DotSums<5>.self, shape, sums, converts: true)
  }

  @inline(never)
  private func convertingDot6(_ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(DotSums<6>.self, shape, sums, converts: true)
  }

  @inline(never)
  private func dot5(_ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(DotSums<5>.self, shape, sums, converts: false)
  }

  @inline(never)
  private func dot6(_ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(DotSums<6>.self, shape, sums, converts: false)
  }
#endif
