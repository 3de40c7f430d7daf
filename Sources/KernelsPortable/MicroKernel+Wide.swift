#if AVX512
  import CPUDetection

  /// The micro-kernel where registers are many: everything from the first to the last step of a tile stays in them.
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
            addStep(&sums, a0, a1, bStart, aRow, aRow3, aRow5, bPanel)
            keepOrder(&sums)
            addStep(&sums, a0 + 4, a1 + 4, bStart + lanes * 4, aRow, aRow3, aRow5, bPanel)
            keepOrder(&sums)
            if panels == 3 {
              addStep(&sums, a0 + 8, a1 + 8, bStart + 2 * lanes * 4, aRow, aRow3, aRow5, bPanel)
              keepOrder(&sums)
              addStep(&sums, a0 + 12, a1 + 12, bStart + 3 * lanes * 4, aRow, aRow3, aRow5, bPanel)
              keepOrder(&sums)
            }
            a0 += 4 * unrolled
            a1 += 4 * unrolled
            bStart += lanes * 4 * unrolled
            steps -= unrolled
          }
        }
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
          addStep(&sums, a0, a1, bStart, aRow, aRow3, aRow5, bPanel)
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

  /// Ends a step: its products are added before anything is loaded for the next.
  @inline(__always)
  private func keepOrder<let rows: Int, let panels: Int>(_ sums: inout Accumulators<rows, panels>) {
    for p in 0..<panels { sums[rows - 1][p] = netc_in_order(sums[rows - 1][p]) }
  }
#endif
