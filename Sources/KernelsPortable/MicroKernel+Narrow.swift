#if !AVX512
  import CPUDetection

  /// The micro-kernel where registers are few: everything from the first to the last step of a tile stays in them.
  ///
  /// Few multiply-adds a step leave little room for anything else to be decoded, above all where another thread shares the core: a call goes
  /// through many tiles, and a round of its loops through four steps.
  @inline(__always)
  func contract<let rows: Int, let panels: Int>(
    _ accumulators: Accumulators<rows, panels>.Type, _ shape: UnsafePointer<Contraction>,
    _ firstA: UnsafePointer<Float>,
    _ b: UnsafePointer<Float>, _ firstC: UnsafeMutablePointer<Float>
  ) {
    let s = shape.pointee
    let half = (rows + 1) / 2
    var a = firstA
    var c = firstC
    var ahead = s.ahead ?? UnsafeRawPointer(a)
    let aheadStep = s.ahead == nil ? 0 : s.aheadStep
    let aRow = s.aRow * 4
    let aRow3 = s.aRow3 * 4
    let aRow5 = s.aRow5 * 4
    let aStep = s.aStep * 4
    let bStep = s.bStep * 4
    let bPanel = s.bPanel * 4
    let isNear = !s.streams && !s.streamsRows
    let isRowMajor = aStep == 4 && bStep == lanes * 4
    let hasNeighbours = aRow == 4 && s.aSecond == half && isNear
    var left = s.tileCount
    repeat {
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
      for outer in 0..<s.outerSegments {
        for segment in 0..<s.segments {
          var a0 = UnsafeRawPointer(a + outer * s.aOuter + segment * s.aSegment)
          var a1 = a0 + 4 * s.aSecond
          var bStart = UnsafeRawPointer(b + outer * s.bOuter + segment * s.bSegment)
          var steps = s.steps
          // Steps of a row-major A and packed panels differ in displacements, those of an A whose rows are neighbours in multiples of strides.
          if isRowMajor {
            while steps >= 4 {
              a0 = netc_opaque(a0)
              a1 = netc_opaque(a1)
              bStart = netc_opaque(bStart)
              if s.ahead != nil {
                // Lines that follow one another, some again and again where `aheadStep` is less: cheaper than counting.
                fetchLines(ahead, step: 64)
                ahead += 4 * aheadStep
              }
              if !isNear {
                if s.streams {
                  netc_prefetch(a0 + prefetchSteps * 4)
                  fetchLines(bStart + prefetchSteps * lanes * 4, step: lanes * 4)
                }
                if s.streamsRows {
                  // A line of A lasts for 16 steps: another row at each round.
                  let row = steps >> 2 & 3 &* aRow
                  netc_prefetch(a0 + (prefetchStepsOfRows * 4 + row))
                  netc_prefetch(a1 + (prefetchStepsOfRows * 4 + row))
                }
              }
              addStep(&sums, a0, a1, bStart, aRow, aRow3, aRow5, bPanel)
              addStep(&sums, a0 + 4, a1 + 4, bStart + lanes * 4, aRow, aRow3, aRow5, bPanel)
              addStep(&sums, a0 + 8, a1 + 8, bStart + 2 * lanes * 4, aRow, aRow3, aRow5, bPanel)
              addStep(&sums, a0 + 12, a1 + 12, bStart + 3 * lanes * 4, aRow, aRow3, aRow5, bPanel)
              a0 += 16
              a1 += 16
              bStart += 4 * lanes * 4
              steps -= 4
            }
          } else if hasNeighbours {
            let (aStep3, bStep3) = (3 * aStep, 3 * bStep)
            while steps >= 4 {
              a0 = netc_opaque(a0)
              bStart = netc_opaque(bStart)
              if s.ahead != nil {
                fetchLines(ahead, step: aheadStep)
                ahead += 4 * aheadStep
              }
              addStep(&sums, a0, a0 + 4 * half, bStart, 4, 12, 20, bPanel)
              addStep(&sums, a0 + aStep, a0 + aStep + 4 * half, bStart + bStep, 4, 12, 20, bPanel)
              addStep(&sums, a0 + 2 * aStep, a0 + 2 * aStep + 4 * half, bStart + 2 * bStep, 4, 12, 20, bPanel)
              addStep(&sums, a0 + aStep3, a0 + aStep3 + 4 * half, bStart + bStep3, 4, 12, 20, bPanel)
              a0 += 4 * aStep
              bStart += 4 * bStep
              steps -= 4
            }
            a1 = a0 + 4 * half
          }
          while steps > 0 {
            a0 = netc_opaque(a0)
            a1 = netc_opaque(a1)
            bStart = netc_opaque(bStart)
            if s.streamsRows {
              // A line of a row-major A lasts for 16 steps: another row at each.
              let row = steps & 3 &* aRow
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
      a += rows * s.aRow
      c += rows * s.cRow
      left -= 1
    } while left > 0
  }

  /// Fetches four lines so many bytes apart.
  @inline(__always)
  private func fetchLines(_ first: UnsafeRawPointer, step: Int) {
    netc_prefetch(first)
    netc_prefetch(first + step)
    netc_prefetch(first + 2 * step)
    netc_prefetch(first + 3 * step)
  }
#endif
