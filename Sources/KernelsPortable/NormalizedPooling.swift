import CPUDetection
import KernelContract

private typealias Floats = UnsafeMutablePointer<Float>

/// See `SignedPooling`. Item `i` is row `i % output rows` of image `i / output rows`.
func signedPooling(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: SignedPooling.self)
  let w = p.windows
  let gamma = context.floats(1)
  let line = w.columns.input * w.inputStride
  for item in first..<end {
    let rows = w.rows.span(item % w.rows.output)
    let image = context.floats(0) + item / w.rows.output * w.rows.input * line
    let y = context.floats(2) + item * w.columns.output * w.outputStride
    for column in 0..<w.columns.output {
      let columns = w.columns.span(column)
      let x = image + (rows.start * line + columns.start * w.inputStride)
      for channel in stride(from: 0, to: w.channels, by: lanes) {
        let sign = signs(gamma.vector(at: channel))
        var chosen = x.vector(at: channel)
        for r in 0..<rows.count {
          for c in 0..<columns.count {
            let value = x.vector(at: r * line + c * w.inputStride + channel)
            chosen = select((value * sign .> chosen * sign) .| (value .!= value), value, chosen)
          }
        }
        y.store(chosen, at: column * w.outputStride + channel)
      }
    }
  }
}

/// 1, 0 or -1.
@inline(__always)
private func signs(_ x: Vector) -> Vector {
  select(x .> splat(0), splat(1), select(x .< splat(0), splat(-1), splat(0)))
}

/// See `PooledNormalizationGradient`. Item `i` is band `i % bands` of image `i / bands`.
func pooledNormalizationGradient(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: PooledNormalizationGradient.self)
  let pass = PooledGradient(p, context)
  for item in first..<end {
    let start = item % p.bands * p.bandRows
    let rows = start..<min(start + p.bandRows, p.windows.rows.input)
    pass.spread(image: item / p.bands, rows)
    pass.combine(image: item / p.bands, rows)
  }
}

private struct PooledGradient {
  let windows: PoolingWindows
  let line: Int
  let dy: Floats
  let y: Floats
  let x: Floats
  let dx: Floats
  /// The gradient of x after the normalisation, of the rows of a band, and one row more.
  let spread: Floats
  let bandRows: Int
  /// dx = ofGradient * spread + ofDistance * (x - mean) + alone, channel by channel.
  let mean: Floats
  let ofGradient: Floats
  let ofDistance: Floats
  let alone: Floats

  init(_ p: PooledNormalizationGradient, _ context: borrowing KernelContext) {
    windows = p.windows
    line = p.rowFloats
    dy = context.floats(0)
    x = context.floats(1)
    y = context.floats(2)
    dx = context.floats(7)
    spread = context.scratch.assumingMemoryBound(to: Float.self)
    bandRows = p.bandRows
    mean = spread + (bandRows + 1) * line
    ofGradient = mean + windows.inputStride
    ofDistance = ofGradient + windows.inputStride
    alone = ofDistance + windows.inputStride
    let sums = context.floats(6)
    let share = splat(1 / Float(windows.images * windows.rows.input * windows.columns.input))
    for c in stride(from: 0, to: windows.channels, by: lanes) {
      let inverse = splat(1) / (context.floats(4).vector(at: c) + splat(p.epsilon)).squareRoot()
      let factor = context.floats(5).vector(at: c) * inverse
      mean.store(context.floats(3).vector(at: c), at: c)
      ofGradient.store(factor, at: c)
      ofDistance.store(splat(0) - factor * inverse * sums.vector(at: p.sumStride + c) * share, at: c)
      alone.store(splat(0) - factor * sums.vector(at: c) * share, at: c)
    }
  }

  /// Gives dy of all windows that reach into some rows to the first element that is y (or no number), where that is in them.
  @inline(never)
  func spread(image: Int, _ band: Range<Int>) {
    for i in stride(from: 0, to: band.count * line, by: lanes) { spread.store(.zero, at: i) }
    let w = windows
    for row in 0..<w.rows.output {
      let rows = w.rows.span(row)
      if rows.start >= band.upperBound { break }
      if rows.start + (rows.count - 1) * rows.step < band.lowerBound { continue }
      for column in 0..<w.columns.output {
        let columns = w.columns.span(column)
        let output = ((image * w.rows.output + row) * w.columns.output + column) * w.outputStride
        for channel in stride(from: 0, to: w.channels, by: lanes) {
          var left = dy.vector(at: output + channel)
          let chosen = y.vector(at: output + channel)
          for r in 0..<rows.count {
            let inputRow = rows.start + r * rows.step
            let place = columns.start * w.inputStride + channel
            let from = x + ((image * w.rows.input + inputRow) * line + place)
            // What other bands' rows get goes to a row that nobody reads.
            let to = spread + ((band.contains(inputRow) ? inputRow - band.lowerBound : bandRows) * line + place)
            for c in 0..<columns.count {
              let at = c * columns.step * w.inputStride
              let value = from.vector(at: at)
              let isTaker = (value .== chosen) .| (value .!= value)
              let share = select(isTaker, left, splat(0))
              left = select(isTaker, splat(0), left)
              to.store(to.vector(at: at) + share, at: at)
            }
          }
        }
      }
    }
  }

  @inline(never)
  func combine(image: Int, _ band: Range<Int>) {
    let start = (image * windows.rows.input + band.lowerBound) * line
    for pixel in stride(from: 0, to: band.count * line, by: windows.inputStride) {
      for channel in stride(from: 0, to: windows.channels, by: lanes) {
        let place = pixel + channel
        let distance = x.vector(at: start + place) - mean.vector(at: channel)
        let rest = fma(distance, ofDistance.vector(at: channel), alone.vector(at: channel))
        dx.store(fma(spread.vector(at: place), ofGradient.vector(at: channel), rest), at: start + place)
      }
    }
  }
}
