import CPUDetection
import KernelContract

/// Sixteen pairs of bfloat16, the first of each in the lower half.
typealias PartPairs = SIMD16<UInt32>

/// The three parts of 32 numbers, h + m + l of each: a word holds the part of `low` in its lower half and that of `high` in the upper.
@_transparent func splitInThree(_ low: Vector, _ high: Vector) -> (PartPairs, PartPairs, PartPairs) {
  let (lowFirst, lowRest) = splitOff(low)
  let (highFirst, highRest) = splitOff(high)
  let (lowSecond, lowThird) = splitOff(lowRest)
  let (highSecond, highThird) = splitOff(highRest)
  return (
    joined(lowFirst, highFirst), joined(lowSecond, highSecond),
    joined(unsafeBitCast(lowThird, to: PartPairs.self), unsafeBitCast(highThird, to: PartPairs.self))
  )
}

/// The nearest bfloat16, whose bits are the upper half of each lane (the lower is to be ignored), and what it leaves.
@_transparent private func splitOff(_ x: Vector) -> (PartPairs, Vector) {
  let rounded = unsafeBitCast(x, to: PartPairs.self) &+ PartPairs(repeating: 0x8000)
  return (rounded, x - unsafeBitCast(rounded & PartPairs(repeating: 0xFFFF_0000), to: Vector.self))
}

@_transparent private func joined(_ low: PartPairs, _ high: PartPairs) -> PartPairs {
  (low &>> PartPairs(repeating: 16)) | (high & PartPairs(repeating: 0xFFFF_0000))
}

/// Where 16 x 32 numbers of a matrix lie that become a tile: 16 pairs of vectors. In a tile of rows word (i, w) holds the steps w and
/// w + 16 of row i; in one of columns word (w, j) those of column j. The order of the steps is free as long as both have the same.
struct TileSource {
  /// From one pair of vectors to the next, and from the first to the second of a pair, in floats.
  var pair: Int
  var second: Int
  /// Whether the lanes of a vector are steps of one row or column, else they are rows or columns at one step.
  var lanesAreSteps: Bool

  /// For the rows of a matrix A, whose rows or columns are neighbours.
  init(rowsOf a: MatrixStrides) {
    if a.column == 1 {
      self.init(pair: a.row, second: lanes, lanesAreSteps: true)
    } else {
      self.init(pair: a.column, second: lanes * a.column, lanesAreSteps: false)
    }
  }

  /// For the columns of a matrix B, 16 of a panel at a time.
  init(columnsOf b: MatrixStrides) {
    if b.rowPanel > 0 {
      self.init(pair: lanes, second: b.rowPanel, lanesAreSteps: true)
    } else if b.isPanels || b.column == 1 {
      self.init(pair: b.row, second: lanes * b.row, lanesAreSteps: false)
    } else {
      self.init(pair: b.column, second: lanes, lanesAreSteps: true)
    }
  }

  private init(pair: Int, second: Int, lanesAreSteps: Bool) {
    self.pair = pair
    self.second = second
    self.lanesAreSteps = lanesAreSteps
  }
}

/// Splits the part of a matrix that becomes one tile, from `source` on, as `place` says: 16 rows (or columns) and 32 steps, of which
/// `count` and `steps` are there; the others become zero. The parts h, m and l follow each other. What lies `ahead` is fetched.
@inline(__always)
func splitTile(
  _ source: UnsafePointer<Float>, _ place: TileSource, isRows: Bool, count: Int, steps: Int, ahead: Int,
  to result: UnsafeMutableRawPointer
) {
  if count == lanes && steps == 2 * lanes {
    for i in 0..<lanes {
      let from = source + i * place.pair
      netc_prefetch(from + ahead)
      netc_prefetch(from + (ahead + place.second))
      storeParts(splitInThree(from.vector(at: 0), from.vector(at: place.second)), result + i * 64)
    }
  } else {
    splitPart(source, place, count: count, steps: steps, to: result)
  }
  guard isRows != place.lanesAreSteps else { return }
  for part in 0..<3 {
    let words = (result + part * 1024).assumingMemoryBound(to: Float.self)
    transposeBlock(UnsafePointer(words), rowStride: lanes, rows: lanes, columns: lanes, to: words, resultStride: lanes)
  }
}

/// Stores the parts of 32 numbers where a row of their three tiles is.
@inline(__always)
func storeParts(_ parts: (PartPairs, PartPairs, PartPairs), _ result: UnsafeMutableRawPointer) {
  result.storeBytes(of: parts.0, as: PartPairs.self)
  result.storeBytes(of: parts.1, toByteOffset: 1024, as: PartPairs.self)
  result.storeBytes(of: parts.2, toByteOffset: 2048, as: PartPairs.self)
}

@inline(never)
private func splitPart(
  _ source: UnsafePointer<Float>, _ place: TileSource, count: Int, steps: Int, to result: UnsafeMutableRawPointer
) {
  let memory = UnsafeMutablePointer(mutating: source)
  for i in 0..<lanes {
    func vector(_ half: Int) -> Vector {
      let isThere = place.lanesAreSteps ? i < count : i + half * lanes < steps
      let width = place.lanesAreSteps ? min(lanes, steps - half * lanes) : count
      return isThere && width > 0 ? memory.vector(at: i * place.pair + half * place.second, count: width) : .zero
    }
    storeParts(splitInThree(vector(0), vector(1)), result + i * 64)
  }
}

/// Splits pairs of vectors that lie `step` floats apart, the second of a pair `second` floats behind the first, each to its own tile.
/// Neighbours in memory are read one after another, and what lies `ahead` is fetched.
@inline(__always)
func splitRun(
  _ source: UnsafePointer<Float>, step: Int, second: Int, count: Int, ahead: Int, to result: UnsafeMutableRawPointer,
  nextTile: Int
) {
  for i in 0..<count {
    let from = source + i * step
    netc_prefetch(from + ahead)
    netc_prefetch(from + (ahead + second))
    storeParts(splitInThree(from.vector(at: 0), from.vector(at: second)), result + i * nextTile)
  }
}

/// Splits `count` rows (at most 16) and `steps` steps of a row-major matrix: blocks of three parts, one after another.
func splitRows(
  _ source: UnsafePointer<Float>, rowStride: Int, count: Int, steps: Int, to result: UnsafeMutableRawPointer
) {
  let whole = count == lanes ? steps / 32 : 0
  for row in 0..<(whole > 0 ? lanes : 0) {
    splitRun(
      source + row * rowStride, step: 32, second: lanes, count: whole, ahead: 2 * rowStride, to: result + row * 64,
      nextTile: TileSplitParameters.blockBytes)
  }
  let place = TileSource(rowsOf: .rowMajor(rowStride))
  for block in whole..<ceilingQuotient(steps, 32) {
    splitTile(
      source + block * 32, place, isRows: true, count: count, steps: min(32, steps - block * 32), ahead: 0,
      to: result + block * TileSplitParameters.blockBytes)
  }
}

/// The kernel of `TileSplitParameters`; an item is 16 rows.
func tileSplit(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: TileSplitParameters.self)
  let place = TileSource(rowsOf: p.strides)
  let source = UnsafePointer(context.floats(0))
  let blocks = ceilingQuotient(p.depth, 32)
  for item in first..<end {
    let from = source + item * lanes * p.strides.row
    let count = min(lanes, p.rows - item * lanes)
    let result = context.operands[1] + item * blocks * TileSplitParameters.blockBytes
    if p.strides.column == 1 {
      splitRows(from, rowStride: p.strides.row, count: count, steps: p.depth, to: result)
      continue
    }
    for block in 0..<blocks {
      splitTile(
        from + block * 32 * p.strides.column, place, isRows: true, count: count, steps: min(32, p.depth - block * 32),
        ahead: 64 * p.strides.column, to: result + block * TileSplitParameters.blockBytes)
    }
  }
}
