import KernelContract

/// `ResultSums` with the addresses of its operands. Sums of a part are taken in the order of the calls.
struct ResultTally {
  let sums: ResultSums
  let panels: Int
  let result: UnsafePointer<Float>
  /// Of gradients only.
  let x: UnsafePointer<Float>
  let means: UnsafePointer<Float>
  let partials: UnsafeMutablePointer<Float>

  /// Nil where no sums are taken. Takes its operands from a call's, starting with number `first`; the result is number 2.
  init?(_ sums: ResultSums, panels: Int, _ context: borrowing KernelContext, first: Int) {
    if sums == .none { return nil }
    self.sums = sums
    self.panels = panels
    result = UnsafePointer(context.floats(2))
    x = UnsafePointer(context.floats(first))
    let isGradient = sums == .gradient
    means = UnsafePointer(context.floats(isGradient ? first + 1 : first))
    partials = context.floats(isGradient ? first + 2 : first)
  }

  /// The partial sums of a panel.
  @inline(__always)
  private func place(_ part: Int, _ panel: Int) -> UnsafeMutablePointer<Float> {
    partials + (part * panels + panel) * sums.vectors * lanes
  }

  /// Sets the sums of some panels of a part to those of no pixels.
  func clear(_ part: Int, firstPanel: Int, panels: Int) {
    let start = place(part, firstPanel)
    for vector in 0..<panels * sums.vectors { start.store(.zero, at: vector * lanes) }
  }

  /// Adds `count` pixels of the result, `pixel` floats apart, the first panel of the first at `offset`.
  func add(_ part: Int, firstPanel: Int, panels: Int, at offset: Int, count: Int, pixel: Int) {
    if count == 0 { return }
    switch sums {
    case .none: break
    case .statistics: addStatistics(part, firstPanel, panels, offset, count, pixel)
    case .gradient: addGradients(part, firstPanel, panels, offset, count, pixel)
    }
  }

  // Pixel by pixel as they lie in memory: sums stay in the first-level cache.

  @inline(never)
  private func addStatistics(
    _ part: Int, _ firstPanel: Int, _ panels: Int, _ offset: Int, _ count: Int, _ pixel: Int
  ) {
    let start = place(part, firstPanel)
    let from = result + offset
    // Distances from a number of the channel lose no digits to a mean that is far from zero.
    if start[0] == 0 {
      for panel in 0..<panels { start.store(from.vector(at: panel * lanes), at: (4 * panel + 1) * lanes) }
    }
    for panel in 0..<panels {
      let pixels = start.vector(at: 4 * panel * lanes) + Vector(repeating: Float(count))
      start.store(pixels, at: 4 * panel * lanes)
    }
    var i = 0
    while i + 4 <= count {
      let (a, b) = (from + i * pixel, from + (i + 1) * pixel)
      let (c, d) = (from + (i + 2) * pixel, from + (i + 3) * pixel)
      for panel in 0..<panels {
        let sums = start + 4 * panel * lanes
        let origin = sums.vector(at: lanes)
        let (e, f) = (a.vector(at: panel * lanes) - origin, b.vector(at: panel * lanes) - origin)
        let (g, h) = (c.vector(at: panel * lanes) - origin, d.vector(at: panel * lanes) - origin)
        sums.store(sums.vector(at: 2 * lanes) + ((e + f) + (g + h)), at: 2 * lanes)
        sums.store(sums.vector(at: 3 * lanes) + (fma(e, e, f * f) + fma(g, g, h * h)), at: 3 * lanes)
      }
      i += 4
    }
    while i < count {
      for panel in 0..<panels {
        let sums = start + 4 * panel * lanes
        let e = from.vector(at: i * pixel + panel * lanes) - sums.vector(at: lanes)
        sums.store(sums.vector(at: 2 * lanes) + e, at: 2 * lanes)
        sums.store(fma(e, e, sums.vector(at: 3 * lanes)), at: 3 * lanes)
      }
      i += 1
    }
  }

  @inline(never)
  private func addGradients(_ part: Int, _ firstPanel: Int, _ panels: Int, _ offset: Int, _ count: Int, _ pixel: Int) {
    let start = place(part, firstPanel)
    let dy = result + offset
    let x = x + offset
    let means = means + firstPanel * lanes
    var i = 0
    while i + 2 <= count {
      let (j, k) = (i * pixel, (i + 1) * pixel)
      for panel in 0..<panels {
        let sums = start + 2 * panel * lanes
        let mean = means.vector(at: panel * lanes)
        let (e, f) = (dy.vector(at: j + panel * lanes), dy.vector(at: k + panel * lanes))
        let g = x.vector(at: j + panel * lanes) - mean
        let h = x.vector(at: k + panel * lanes) - mean
        sums.store(sums.vector(at: 0) + (e + f), at: 0)
        sums.store(sums.vector(at: lanes) + fma(e, g, f * h), at: lanes)
      }
      i += 2
    }
    if i < count {
      for panel in 0..<panels {
        let sums = start + 2 * panel * lanes
        let e = dy.vector(at: i * pixel + panel * lanes)
        let g = x.vector(at: i * pixel + panel * lanes) - means.vector(at: panel * lanes)
        sums.store(sums.vector(at: 0) + e, at: 0)
        sums.store(fma(e, g, sums.vector(at: lanes)), at: lanes)
      }
    }
  }
}

/// See `ResultTotals`. An item is a panel of channels.
func resultTotals(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: ResultTotals.self)
  let partials = UnsafePointer(context.floats(0))
  let vectors = p.sums.vectors
  for panel in first..<end {
    for half in 0..<2 {
      let channel = panel * lanes + half * 8
      let start = partials + (panel * vectors * lanes + half * 8)
      var values = SIMD8<Double>.zero
      var products = SIMD8<Double>.zero
      if p.sums == .statistics {
        // Moments about each part's origin become such about the first one's.
        let origin = start.doubles(at: lanes)
        for part in 0..<p.parts {
          let place = start + part * p.panels * vectors * lanes
          let count = place.doubles(at: 0)
          let shift = place.doubles(at: lanes) - origin
          let distances = place.doubles(at: 2 * lanes)
          let shifts = shift * count
          values += distances + shifts
          products += place.doubles(at: 3 * lanes) + shift * (distances + distances + shifts)
        }
        let (mean, variance) = (context.floats(1), context.floats(2))
        for lane in 0..<8 {
          let distance = values[lane] / Double(p.count)
          mean[channel + lane] = Float(origin[lane] + distance)
          variance[channel + lane] = Float(max(0, products[lane] / Double(p.count) - distance * distance))
        }
      } else {
        for part in 0..<p.parts {
          let place = start + part * p.panels * vectors * lanes
          values += place.doubles(at: 0)
          products += place.doubles(at: lanes)
        }
        let (variance, result) = (context.floats(1), context.floats(2))
        for lane in 0..<8 {
          result[channel + lane] = Float(values[lane])
          let deviation = Double(variance[channel + lane] + p.epsilon).squareRoot()
          result[p.resultStride + channel + lane] = Float(products[lane] / deviation)
        }
      }
    }
  }
}

extension UnsafePointer<Float> {
  /// The 8 floats from `index` on.
  @inline(__always)
  fileprivate func doubles(at index: Int) -> SIMD8<Double> {
    SIMD8<Double>(UnsafeRawPointer(self + index).loadUnaligned(as: SIMD8<Float>.self))
  }
}
