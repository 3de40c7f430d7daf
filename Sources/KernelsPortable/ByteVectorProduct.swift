import CPUDetection
import KernelContract

#if AVX512
  /// A register; with sums of 4 rows by 6 columns, a vector of each row and one of a column 29 of 32 are taken.
  private typealias DotVector = Vector
  private typealias DotSums<let columns: Int> = InlineArray<4, InlineArray<columns, DotVector>>
  private typealias DotRows = InlineArray<4, DotVector>
  private let dotRows = 4
  private let dotColumns = 6
#else
  /// A register of AVX2, two of NEON; with sums of 3 rows by 4 columns, a vector of each row and one of a column 16 of 16 are taken.
  private typealias DotVector = SIMD8<Float>
  private typealias DotSums<let columns: Int> = InlineArray<3, InlineArray<columns, DotVector>>
  private typealias DotRows = InlineArray<3, DotVector>
  private let dotRows = 3
  private let dotColumns = 4
#endif
@_transparent private var dotLanes: Int { DotVector.scalarCount }

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
  /// A few rows of a panel as floats. Where rows end within a tile, those beyond hold anything: their sums are not stored.
  let converted: UnsafeMutablePointer<Float>
  /// The bytes of a row in a panel, its floats in scratch.
  let width: Int
  let rowsInTurn: Int

  init(_ context: borrowing KernelContext) {
    p = context.parameters.load(as: ByteVectorProductParameters.self)
    x = UnsafePointer(context.operands[0].assumingMemoryBound(to: UInt8.self))
    weights = UnsafePointer(context.floats(1))
    partial = context.floats(2)
    width = BytePanels.width
    rowsInTurn = ByteVectorProductParameters.rowsInTurn
    columns = context.scratch.assumingMemoryBound(to: Float.self)
    converted = columns + p.columnBlock * width
    sums = converted + rowsInTurn * width
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
    let tileSums = dotRows * columnCount * dotLanes
    for i in 0..<ceilingQuotient(rows, dotRows) * tileSums / dotLanes {
      UnsafeMutableRawPointer(sums + i * dotLanes).storeBytes(of: DotVector.zero, as: DotVector.self)
    }
    for panel in panels * split / p.splits..<panels * (split + 1) / p.splits {
      let depth = min(width, p.depth - panel * width)
      transposeWeights(panel * width, depth: depth, firstColumn, columnCount)
      let bytes = x + (panel * p.rows + firstRow) * width
      for start in stride(from: 0, to: rows, by: rowsInTurn) {
        let count = min(rowsInTurn, rows - start)
        convert(bytes + start * width, rows: count, depth)
        multiply(depth, rows: count, columns: columnCount, sums + start / dotRows * tileSums)
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
          rows: min(lanes, depth - start), columns: end - column, to: result + (column - firstColumn) * width,
          resultStride: width)
        column = end
      }
    }
  }

  /// Adds the products of a few rows with all columns to the sums.
  @inline(__always)
  private func multiply(_ depth: Int, rows: Int, columns count: Int, _ sums: UnsafeMutablePointer<Float>) {
    let tileSums = dotRows * count * dotLanes
    var shape = DotShape(
      steps: ceilingQuotient(depth, dotLanes), rows: UnsafePointer(converted), columns: UnsafePointer(columns),
      strideBytes: width * 4)
    var tiles = Tiles(count, most: dotColumns)
    var place = sums
    while let tile = tiles.next() {
      shape.rows = UnsafePointer(converted)
      for row in 0..<ceilingQuotient(rows, dotRows) {
        shape.multiply(place + row * tileSums, columns: tile.count)
        shape.rows += dotRows * width
      }
      shape.columns += tile.count * width
      place += dotRows * tile.count * dotLanes
    }
  }

  /// Converts so many bytes of a few rows, and fetches those that come two turns later.
  @inline(__always)
  private func convert(_ bytes: UnsafePointer<UInt8>, rows: Int, _ depth: Int) {
    for r in 0..<rows {
      let from = UnsafeRawPointer(bytes + r * width)
      for line in 0..<width / 64 { netc_prefetch(from + (2 * rowsInTurn * width + line * 64)) }
      let to = converted + r * width
      var k = 0
      while k < depth {
        to.store(netc_load_bytes_as_floats(from + k), at: k)
        k += lanes
      }
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
            let sum = UnsafeRawPointer(next).loadUnaligned(as: DotVector.self).laneSum
            if row + r < rows { c[(row + r) * p.cRowStride + column] = p.scale * sum }
            next += dotLanes
          }
        }
      }
    }
  }
}

/// What register tiles have in common: `sums[r, j] += Σ_k X[r, k] * W[j, k]` over `steps` vectors along k.
private struct DotShape {
  var steps: Int
  var rows: UnsafePointer<Float>
  var columns: UnsafePointer<Float>
  /// From a row, and a column, to the next.
  var strideBytes: Int

  @inline(__always)
  func multiply(_ sums: UnsafeMutablePointer<Float>, columns count: Int) {
    withUnsafePointer(to: self) { shape in
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

/// The register tile.
@inline(__always)
private func addProducts<let columns: Int>(
  _ type: DotSums<columns>.Type, _ shape: UnsafePointer<DotShape>,
  _ sums: UnsafeMutablePointer<Float>
) {
  let vectorBytes = dotLanes * 4
  let strideBytes = shape.pointee.strideBytes
  let place = UnsafeMutableRawPointer(sums)
  var results = DotSums<columns>(repeating: InlineArray<columns, DotVector>(repeating: .zero))
  for r in 0..<dotRows {
    for c in 0..<columns {
      results[r][c] = place.loadUnaligned(fromByteOffset: (r * columns + c) * vectorBytes, as: DotVector.self)
    }
  }
  var floats = UnsafeRawPointer(shape.pointee.rows)
  var weights = UnsafeRawPointer(shape.pointee.columns)
  var steps = shape.pointee.steps
  while steps > 0 {
    var x = DotRows(repeating: .zero)
    for r in 0..<dotRows {
      x[r] = floats.loadUnaligned(fromByteOffset: r * strideBytes, as: DotVector.self)
    }
    for c in 0..<columns {
      let w = weights.loadUnaligned(fromByteOffset: c * strideBytes, as: DotVector.self)
      for r in 0..<dotRows { results[r][c] = results[r][c].addingProduct(x[r], w) }
    }
    floats += vectorBytes
    weights += vectorBytes
    steps -= 1
  }
  for r in 0..<dotRows {
    for c in 0..<columns {
      place.storeBytes(of: results[r][c], toByteOffset: (r * columns + c) * vectorBytes, as: DotVector.self)
    }
  }
}

#if !AVX512
  extension SIMD8<Float> {
    /// The sum of the lanes, added as a halving tree.
    @inline(__always) fileprivate var laneSum: Float {
      let x4 = lowHalf + highHalf
      let x2 = x4.lowHalf + x4.highHalf
      return x2.x + x2.y
    }
  }
#endif

@inline(never)
private func dot1(_ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>) {
  addProducts(DotSums<1>.self, shape, sums)
}

@inline(never)
private func dot2(_ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>) {
  addProducts(DotSums<2>.self, shape, sums)
}

@inline(never)
private func dot3(_ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>) {
  addProducts(DotSums<3>.self, shape, sums)
}

@inline(never)
private func dot4(_ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>) {
  addProducts(DotSums<4>.self, shape, sums)
}
#if AVX512
  @inline(never)
  private func dot5(_ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(DotSums<5>.self, shape, sums)
  }

  @inline(never)
  private func dot6(_ shape: UnsafePointer<DotShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(DotSums<6>.self, shape, sums)
  }
#endif
