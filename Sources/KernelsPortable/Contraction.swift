import CPUDetection

/// The strides of a batch-reduce contraction, all in floats:
///
/// `C[r, 16p + l] (+)= Σ_outer Σ_segments Σ_steps A[r, …] * B[…, 16p + l]`, where `A` is read one float at a time and
/// `B` and `C` one vector of 16 columns (a panel) at a time. Row-major and transposed matrices, packed weights and the
/// taps of a convolution differ in strides only.
struct Contraction {
  var steps: Int
  var aStep: Int
  var bStep: Int
  var aRow: Int
  var bPanel: Int
  var cRow: Int
  var cPanel: Int
  var segments = 1
  var aSegment = 0
  var bSegment = 0
  var outerSegments = 1
  var aOuter = 0
  var bOuter = 0
  /// Whether the sums are added to what `C` holds.
  var accumulates = false
  /// What the sums of each column start with (whole vectors), unless they accumulate; zero if nil.
  var bias: UnsafePointer<Float>? = nil
  /// Whether negative sums become zero.
  var rectifies = false
  /// Whether B, and the first row of A, come from far away, to be fetched ahead: what is in a cache already is not worth
  /// the loads.
  var streams = false
  /// Whether all rows of A come from far away.
  var streamsRows = false
  /// What later tiles read, from one address on: fetched on the way, at each step so many bytes further.
  var ahead: UnsafeRawPointer? = nil
  var aheadStep = lanes * 4
  /// The distance from C to the tile that is computed next; zero where sums do not accumulate.
  var cAhead = 0
  /// How many tiles follow one another; see `tiles`.
  private(set) var tileCount = 1
  /// Where the second half of a tile's rows starts, from its first row; see `tile`.
  private(set) var aSecond = 0
  private(set) var cSecond = 0
  /// Three and five row strides of A: with them every row of half a tile is one addressing mode away from the first.
  private(set) var aRow3 = 0
  private(set) var aRow5 = 0
}

#if AVX512
  /// The largest register tile: 28 accumulators, 2 vectors of B and one broadcast of A fill 31 of 32 registers.
  let tileRows = 14
  let tilePanels = 2
  /// The tile of a matrix product, whose rows are free to choose: it loads least for its multiply-adds. Up to 8 rows
  /// may have 3 panels.
  let productRows = 8
  let productPanels = 3
#else
  /// The largest register tile: 12 accumulators of 8 lanes, 2 of B and one broadcast of A fill 15 of 16 registers.
  let tileRows = 6
  let tilePanels = 1
  let productRows = 6
  let productPanels = 1
#endif

extension Contraction {
  /// Computes the tile of `rows` (1 … `tileRows`) by `panels` (1 … `tilePanels`) whose first elements are `a`, `b`, `c`.
  ///
  /// The second half of the rows may start elsewhere (`aSecond`, `cSecond` from the first): two short rows of pixels.
  @inline(__always)
  func tile(
    rows: Int, panels: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    aSecond: Int? = nil, cSecond: Int? = nil
  ) {
    compute(1, rows: rows, panels: panels, a, b, c, aSecond: aSecond, cSecond: cSecond)
  }

  /// Computes tiles of the same size, one below the other. What is fetched ahead goes on from tile to tile.
  @inline(__always)
  func tiles(
    _ count: Int, rows: Int, panels: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>
  ) {
    #if AVX512
      var shape = self
      for tile in 0..<count {
        shape.tile(rows: rows, panels: panels, a + tile * rows * aRow, b, c + tile * rows * cRow)
        if let ahead = shape.ahead { shape.ahead = ahead + outerSegments * segments * steps * aheadStep }
      }
    #else
      compute(count, rows: rows, panels: panels, a, b, c)
    #endif
  }

  @inline(__always)
  private func compute(
    _ count: Int, rows: Int, panels: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, aSecond: Int? = nil, cSecond: Int? = nil
  ) {
    var shape = self
    shape.tileCount = count
    shape.aSecond = aSecond ?? (rows + 1) / 2 * aRow
    shape.cSecond = cSecond ?? (rows + 1) / 2 * cRow
    shape.aRow3 = 3 * aRow
    shape.aRow5 = 5 * aRow
    withUnsafePointer(to: shape) { shape in
      #if AVX512
        if panels == 3 {
          switch rows {
          case 1: tile1x3(shape, a, b, c)
          case 2: tile2x3(shape, a, b, c)
          case 3: tile3x3(shape, a, b, c)
          case 4: tile4x3(shape, a, b, c)
          case 5: tile5x3(shape, a, b, c)
          case 6: tile6x3(shape, a, b, c)
          case 7: tile7x3(shape, a, b, c)
          default: tile8x3(shape, a, b, c)
          }
          return
        }
        if panels == 2 {
          switch rows {
          case 1: tile1x2(shape, a, b, c)
          case 2: tile2x2(shape, a, b, c)
          case 3: tile3x2(shape, a, b, c)
          case 4: tile4x2(shape, a, b, c)
          case 5: tile5x2(shape, a, b, c)
          case 6: tile6x2(shape, a, b, c)
          case 7: tile7x2(shape, a, b, c)
          case 8: tile8x2(shape, a, b, c)
          case 9: tile9x2(shape, a, b, c)
          case 10: tile10x2(shape, a, b, c)
          case 11: tile11x2(shape, a, b, c)
          case 12: tile12x2(shape, a, b, c)
          case 13: tile13x2(shape, a, b, c)
          default: tile14x2(shape, a, b, c)
          }
          return
        }
      #endif
      switch rows {
      case 1: tile1x1(shape, a, b, c)
      case 2: tile2x1(shape, a, b, c)
      case 3: tile3x1(shape, a, b, c)
      case 4: tile4x1(shape, a, b, c)
      case 5: tile5x1(shape, a, b, c)
      #if AVX512
        case 6: tile6x1(shape, a, b, c)
        case 7: tile7x1(shape, a, b, c)
        case 8: tile8x1(shape, a, b, c)
        case 9: tile9x1(shape, a, b, c)
        case 10: tile10x1(shape, a, b, c)
        case 11: tile11x1(shape, a, b, c)
        case 12: tile12x1(shape, a, b, c)
        case 13: tile13x1(shape, a, b, c)
        default: tile14x1(shape, a, b, c)
      #else
        default: tile6x1(shape, a, b, c)
      #endif
      }
    }
  }
}
