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
    var shape = self
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

/// How many steps ahead panels of B are fetched, as many as a line takes to come from memory (measured: 19 instead of 15 GB/s
/// for a stream; much further is slower again), and rows of A, whose lines last longer.
private let prefetchSteps = 24
private let prefetchStepsOfRows = 64

/// The accumulators of a register tile; a type argument of `contract`.
typealias Accumulators<let rows: Int, let panels: Int> = InlineArray<rows, InlineArray<panels, Vector>>

/// The micro-kernel: everything from the first to the last step stays in registers.
///
/// Loops over rows and panels have constant bounds and unroll; the rows are taken in two halves, each from a pointer of
/// its own, because the compiler stops short of unrolling 14 rows and because it adds row strides in a chain.
@inline(__always)
func contract<let rows: Int, let panels: Int>(
  _ accumulators: Accumulators<rows, panels>.Type, _ shape: UnsafePointer<Contraction>, _ a: UnsafePointer<Float>,
  _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>
) {
  let s = shape.pointee
  let half = (rows + 1) / 2
  let c1 = c + s.cSecond
  var sums = Accumulators<rows, panels> { _ in InlineArray<panels, Vector> { _ in .zero } }
  if s.accumulates {
    for r in 0..<half {
      for p in 0..<panels { sums[r][p] = c.vector(at: r * s.cRow + p * s.cPanel) }
    }
    for r in 0..<rows - half {
      for p in 0..<panels { sums[half + r][p] = c1.vector(at: r * s.cRow + p * s.cPanel) }
    }
  } else if let bias = s.bias {
    var columns = InlineArray<panels, Vector>(repeating: .zero)
    for p in 0..<panels { columns[p] = bias.vector(at: p * lanes) }
    for r in 0..<half {
      for p in 0..<panels { sums[r][p] = columns[p] }
    }
    for r in 0..<rows - half {
      for p in 0..<panels { sums[half + r][p] = columns[p] }
    }
  }
  if s.cAhead != 0 {
    for r in 0..<rows {
      for p in 0..<panels { netc_prefetch(c + (s.cAhead + r * s.cRow + p * s.cPanel)) }
    }
  }
  var ahead = s.ahead ?? UnsafeRawPointer(a)
  let aheadStep = s.ahead == nil ? 0 : s.aheadStep
  let aRow = s.aRow * 4
  let aRow3 = s.aRow3 * 4
  let aRow5 = s.aRow5 * 4
  let aStep = s.aStep * 4
  let bStep = s.bStep * 4
  let bPanel = s.bPanel * 4
  for outer in 0..<s.outerSegments {
    for segment in 0..<s.segments {
      var a0 = UnsafeRawPointer(a + outer * s.aOuter + segment * s.aSegment)
      var a1 = a0 + 4 * s.aSecond
      var bStart = UnsafeRawPointer(b + outer * s.bOuter + segment * s.bSegment)
      var steps = s.steps
      if aStep == 4 && bStep == lanes * 4 && !s.streams && !s.streamsRows {
        // Steps of a row-major A and packed panels differ in displacements only: fewer address additions, which compete
        // with the multiply-adds for the same ports. Four where registers are left, else two.
        let unrolled = panels == 3 ? 4 : 2
        while steps >= unrolled {
          a0 = netc_opaque(a0)
          a1 = netc_opaque(a1)
          bStart = netc_opaque(bStart)
          // Up to two lines a step; where it is less, some a second time, which costs less than counting.
          netc_prefetch(ahead)
          if panels < 3 { for line in 1..<2 * panels { netc_prefetch(ahead + 64 * line) } }
          ahead += aheadStep * unrolled
          addStep(&sums, a0, a1, bStart, 0, aRow, aRow3, aRow5, bPanel)
          keepOrder(&sums)
          addStep(&sums, a0, a1, bStart, 1, aRow, aRow3, aRow5, bPanel)
          keepOrder(&sums)
          if panels == 3 {
            addStep(&sums, a0, a1, bStart, 2, aRow, aRow3, aRow5, bPanel)
            keepOrder(&sums)
            addStep(&sums, a0, a1, bStart, 3, aRow, aRow3, aRow5, bPanel)
            keepOrder(&sums)
          }
          a0 += 4 * unrolled
          a1 += 4 * unrolled
          bStart += lanes * 4 * unrolled
          steps -= unrolled
        }
      }
      #if !AVX512
        // Few multiply-adds a step leave little room for anything else to be decoded: one round of questions for two.
        while steps >= 2 {
          if s.streamsRows {
            let row = steps & 7 &* aRow
            netc_prefetch(a0 + (prefetchStepsOfRows * aStep + row))
            netc_prefetch(a1 + (prefetchStepsOfRows * aStep + row))
          }
          if s.streams {
            netc_prefetch(a0 + prefetchSteps * aStep)
            netc_prefetch(bStart + prefetchSteps * lanes * 4)
            netc_prefetch(bStart + (prefetchSteps + 1) * lanes * 4)
          }
          netc_prefetch(ahead)
          netc_prefetch(ahead + aheadStep)
          ahead += 2 * aheadStep
          a0 = netc_opaque(a0)
          a1 = netc_opaque(a1)
          bStart = netc_opaque(bStart)
          addStep(&sums, a0, a1, bStart, 0, aRow, aRow3, aRow5, bPanel)
          a0 = netc_opaque(a0 + aStep)
          a1 = netc_opaque(a1 + aStep)
          bStart = netc_opaque(bStart + bStep)
          addStep(&sums, a0, a1, bStart, 0, aRow, aRow3, aRow5, bPanel)
          a0 += aStep
          a1 += aStep
          bStart += bStep
          steps -= 2
        }
      #endif
      while steps > 0 {
        a0 = netc_opaque(a0)
        a1 = netc_opaque(a1)
        bStart = netc_opaque(bStart)
        if s.streamsRows {
          // A line of a row-major A lasts for 16 steps: another row at each.
          let row = steps & 7 &* aRow
          netc_prefetch(a0 + (prefetchStepsOfRows * aStep + row))
          netc_prefetch(a1 + (prefetchStepsOfRows * aStep + row))
        }
        if s.streams {
          netc_prefetch(a0 + prefetchSteps * aStep)
          for p in 0..<panels { netc_prefetch(bStart + (p * bPanel + prefetchSteps * lanes * 4)) }
        }
        if s.ahead != nil {
          netc_prefetch(ahead)
          ahead += aheadStep
        }
        addStep(&sums, a0, a1, bStart, 0, aRow, aRow3, aRow5, bPanel)
        a0 += aStep
        a1 += aStep
        bStart += bStep
        steps -= 1
      }
    }
  }
  if s.rectifies {
    for r in 0..<half {
      for p in 0..<panels { sums[r][p] = maximum(sums[r][p], Vector(repeating: 0)) }
    }
    for r in 0..<rows - half {
      for p in 0..<panels { sums[half + r][p] = maximum(sums[half + r][p], Vector(repeating: 0)) }
    }
  }
  for r in 0..<half {
    for p in 0..<panels { c.store(sums[r][p], at: r * s.cRow + p * s.cPanel) }
  }
  for r in 0..<rows - half {
    for p in 0..<panels { c1.store(sums[half + r][p], at: r * s.cRow + p * s.cPanel) }
  }
}

/// Adds the products of one step; `step` counts from the pointers, of neighbours in A's rows and in B's panels.
@inline(__always)
private func addStep<let rows: Int, let panels: Int>(
  _ sums: inout Accumulators<rows, panels>, _ a0: UnsafeRawPointer, _ a1: UnsafeRawPointer, _ b: UnsafeRawPointer,
  _ step: Int, _ aRow: Int, _ aRow3: Int, _ aRow5: Int, _ bPanel: Int
) {
  let half = (rows + 1) / 2
  var columns = InlineArray<panels, Vector>(repeating: .zero)
  for p in 0..<panels {
    columns[p] = (b + (p * bPanel + step * lanes * 4)).loadUnaligned(as: Vector.self)
  }
  for r in 0..<half {
    let offset = rowOffset(r, aRow, aRow3, aRow5) + step * 4
    let x = Vector(repeating: a0.load(fromByteOffset: offset, as: Float.self))
    for p in 0..<panels { sums[r][p] = fma(x, columns[p], sums[r][p]) }
  }
  for r in 0..<rows - half {
    let offset = rowOffset(r, aRow, aRow3, aRow5) + step * 4
    let x = Vector(repeating: a1.load(fromByteOffset: offset, as: Float.self))
    for p in 0..<panels { sums[half + r][p] = fma(x, columns[p], sums[half + r][p]) }
  }
}

/// Ends a step: its products are added before anything is loaded for the next.
@inline(__always)
private func keepOrder<let rows: Int, let panels: Int>(_ sums: inout Accumulators<rows, panels>) {
  #if AVX512
    for p in 0..<panels { sums[rows - 1][p] = netc_in_order(sums[rows - 1][p]) }
  #endif
}

/// `row` (0 … 6) times the row stride, as a multiple by 1, 2 or 4 of a number that stands in a register.
@inline(__always)
private func rowOffset(_ row: Int, _ one: Int, _ three: Int, _ five: Int) -> Int {
  switch row {
  case 0: 0
  case 1: one
  case 2: one * 2
  case 3: three
  case 4: one * 4
  case 5: five
  default: three * 2
  }
}
