import CPUDetection
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

  @inline(never)
  private func addStatistics(
    _ part: Int, _ firstPanel: Int, _ panels: Int, _ offset: Int, _ count: Int, _ pixel: Int
  ) {
    for panel in 0..<panels {
      let place = place(part, firstPanel + panel)
      let from = result + (offset + panel * lanes)
      // Distances from a number of the channel lose no digits to a mean that is far from zero.
      if place[0] == 0 { place.store(from.vector(at: 0), at: lanes) }
      let origin = place.vector(at: lanes)
      var distances = Vector.zero
      var squares = Vector.zero
      var i = 0
      while i + 2 <= count {
        let a = from.vector(at: i * pixel) - origin
        let b = from.vector(at: (i + 1) * pixel) - origin
        distances += a + b
        squares += fma(a, a, b * b)
        i += 2
      }
      if i < count {
        let a = from.vector(at: i * pixel) - origin
        distances += a
        squares = fma(a, a, squares)
      }
      place.store(place.vector(at: 0) + Vector(repeating: Float(count)), at: 0)
      place.store(place.vector(at: 2 * lanes) + distances, at: 2 * lanes)
      place.store(place.vector(at: 3 * lanes) + squares, at: 3 * lanes)
    }
  }

  @inline(never)
  private func addGradients(_ part: Int, _ firstPanel: Int, _ panels: Int, _ offset: Int, _ count: Int, _ pixel: Int) {
    for panel in 0..<panels {
      let place = place(part, firstPanel + panel)
      let dy = result + (offset + panel * lanes)
      let x = x + (offset + panel * lanes)
      let mean = means.vector(at: (firstPanel + panel) * lanes)
      var values = Vector.zero
      var products = Vector.zero
      var i = 0
      while i + 2 <= count {
        netc_prefetch(x + (i + tallyPrefetchPixels) * pixel)
        netc_prefetch(x + (i + 1 + tallyPrefetchPixels) * pixel)
        let (a, b) = (dy.vector(at: i * pixel), dy.vector(at: (i + 1) * pixel))
        values += a + b
        products += fma(a, x.vector(at: i * pixel) - mean, b * (x.vector(at: (i + 1) * pixel) - mean))
        i += 2
      }
      if i < count {
        let a = dy.vector(at: i * pixel)
        values += a
        products = fma(a, x.vector(at: i * pixel) - mean, products)
      }
      place.store(place.vector(at: 0) + values, at: 0)
      place.store(place.vector(at: lanes) + products, at: lanes)
    }
  }
}

/// How many pixels ahead x is fetched, which nothing has read for long.
private let tallyPrefetchPixels = 32

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
