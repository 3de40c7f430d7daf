import KernelContract

private typealias Floats = UnsafeMutablePointer<Float>

/// See `ChannelSums`. Item `i` is chunk `i / groups` of the rows and group `i % groups` of the channels.
///
/// Rows are read as they lie, four at a time; the sums of all channels stay in the first-level cache.
func channelSums(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: ChannelSums.self).pointee
  let partials = context.operands[p.term.operandCount].assumingMemoryBound(to: Float.self)
  let groups = p.groups
  for item in first..<end {
    let chunk = item / groups
    let firstRow = chunk * ChannelSums.chunkRows
    let channel = item % groups * ChannelSums.groupChannels
    let isGradient =
      switch p.term {
      case .mean, .variance, .statistics: false
      case .gradient, .maskedGradient: true
      }
    let job = ChannelJob(
      x: context.operands[isGradient ? 1 : 0].assumingMemoryBound(to: Float.self) + (firstRow * p.rowStride + channel),
      rows: min(ChannelSums.chunkRows, p.rows - firstRow), stride: p.rowStride,
      channels: min(p.channels - channel, ChannelSums.groupChannels),
      sums: partials + (chunk * p.partialFloats + channel), sumStride: p.partialStride)
    job.clear(p.partialFloats / p.partialStride)
    switch p.term {
    case .mean: job.addValues()
    case .variance:
      let mean = context.operands[1].assumingMemoryBound(to: Float.self) + channel
      job.addSquares(around: mean, distances: nil, squares: job.sums)
    case .statistics:
      // Numbers near the mean as origin: the mean of rows spread over the tensor.
      let x = context.operands[0].assumingMemoryBound(to: Float.self) + channel
      job.setOrigin(x, rows: p.rows)
      job.addSquares(
        around: job.sums, distances: job.sums + job.sumStride, squares: job.sums + 2 * job.sumStride)
    case .gradient:
      let dy = context.operands[0].assumingMemoryBound(to: Float.self) + (firstRow * p.rowStride + channel)
      let mean = context.operands[2].assumingMemoryBound(to: Float.self) + channel
      job.addGradients(dy, y: dy, mean: mean, isMasked: false)
      job.normalise(context.operands[3].assumingMemoryBound(to: Float.self) + channel, epsilon: p.epsilon)
    case .maskedGradient:
      let dy = context.operands[0].assumingMemoryBound(to: Float.self) + (firstRow * p.rowStride + channel)
      let y = context.operands[4].assumingMemoryBound(to: Float.self) + (firstRow * p.rowStride + channel)
      let mean = context.operands[2].assumingMemoryBound(to: Float.self) + channel
      job.addGradients(dy, y: y, mean: mean, isMasked: true)
      job.normalise(context.operands[3].assumingMemoryBound(to: Float.self) + channel, epsilon: p.epsilon)
    }
  }
}

/// Some channels of one chunk of rows, and where their sums go.
private struct ChannelJob {
  let x: Floats
  let rows: Int
  let stride: Int
  let channels: Int
  let sums: Floats
  let sumStride: Int

  /// Whether rows are whole vectors; else the last vector of a row is read lane by lane.
  @inline(__always) var isPadded: Bool { stride % lanes == 0 }

  @inline(__always) func width(_ channel: Int) -> Int { isPadded ? lanes : channels - channel }

  func clear(_ count: Int) {
    for i in 0..<count {
      for c in Swift.stride(from: 0, to: channels, by: lanes) { sums.store(.zero, at: i * sumStride + c) }
    }
  }

  /// Divides the second row of the sums by the standard deviations.
  func normalise(_ variance: Floats, epsilon: Float) {
    for c in Swift.stride(from: 0, to: channels, by: lanes) {
      let scale = splat(1) / (variance.vector(at: c) + splat(epsilon)).squareRoot()
      sums.store(sums.vector(at: sumStride + c) * scale, at: sumStride + c)
    }
  }

  /// The mean of 16 rows of the tensor as first row of the sums.
  func setOrigin(_ tensor: Floats, rows: Int) {
    for c in Swift.stride(from: 0, to: channels, by: lanes) {
      var origin = Vector.zero
      for i in 0..<16 { origin += tensor.vector(at: rows * i / 16 * stride + c, count: width(c)) }
      sums.store(origin * splat(1 / 16), at: c)
    }
  }

  @inline(never) func addValues() {
    var row = 0
    while row + 4 <= rows && isPadded {
      let (a, b) = (x + row * stride, x + (row + 1) * stride)
      let (c, d) = (x + (row + 2) * stride, x + (row + 3) * stride)
      var i = 0
      while i < channels {
        let sum = (a.vector(at: i) + b.vector(at: i)) + (c.vector(at: i) + d.vector(at: i))
        sums.store(sums.vector(at: i) + sum, at: i)
        i += lanes
      }
      row += 4
    }
    while row < rows {
      for i in Swift.stride(from: 0, to: channels, by: lanes) {
        sums.store(sums.vector(at: i) + x.vector(at: row * stride + i, count: width(i)), at: i)
      }
      row += 1
    }
  }

  @inline(__always) func addSquares(around center: Floats, distances: Floats?, squares: Floats) {
    if let distances {
      addSquares(center, distances, squares, withDistances: true)
    } else {
      addSquares(center, squares, squares, withDistances: false)
    }
  }

  @inline(__always) private func addSquares(
    _ center: Floats, _ distances: Floats, _ squares: Floats, withDistances: Bool
  ) {
    var row = 0
    while row + 4 <= rows && isPadded {
      let (a, b) = (x + row * stride, x + (row + 1) * stride)
      let (c, d) = (x + (row + 2) * stride, x + (row + 3) * stride)
      var i = 0
      while i < channels {
        let origin = center.vector(at: i)
        let (e, f) = (a.vector(at: i) - origin, b.vector(at: i) - origin)
        let (g, h) = (c.vector(at: i) - origin, d.vector(at: i) - origin)
        squares.store(squares.vector(at: i) + (fma(e, e, f * f) + fma(g, g, h * h)), at: i)
        if withDistances { distances.store(distances.vector(at: i) + ((e + f) + (g + h)), at: i) }
        i += lanes
      }
      row += 4
    }
    while row < rows {
      for i in Swift.stride(from: 0, to: channels, by: lanes) {
        let e = x.vector(at: row * stride + i, count: width(i)) - center.vector(at: i)
        squares.store(fma(e, e, squares.vector(at: i)), at: i)
        if withDistances { distances.store(distances.vector(at: i) + e, at: i) }
      }
      row += 1
    }
  }

  @inline(__always) func addGradients(_ dy: Floats, y: Floats, mean: Floats, isMasked: Bool) {
    let products = sums + sumStride
    var row = 0
    while row + 2 <= rows && isPadded {
      let (j, k) = (row * stride, (row + 1) * stride)
      var i = 0
      while i < channels {
        let origin = mean.vector(at: i)
        var (e, f) = (dy.vector(at: j + i), dy.vector(at: k + i))
        if isMasked {
          e = select(y.vector(at: j + i) .> splat(0), e, splat(0))
          f = select(y.vector(at: k + i) .> splat(0), f, splat(0))
        }
        sums.store(sums.vector(at: i) + (e + f), at: i)
        let product = fma(e, x.vector(at: j + i) - origin, f * (x.vector(at: k + i) - origin))
        products.store(products.vector(at: i) + product, at: i)
        i += lanes
      }
      row += 2
    }
    while row < rows {
      for i in Swift.stride(from: 0, to: channels, by: lanes) {
        let place = row * stride + i
        var e = dy.vector(at: place, count: width(i))
        if isMasked { e = select(y.vector(at: place, count: width(i)) .> splat(0), e, splat(0)) }
        sums.store(sums.vector(at: i) + e, at: i)
        let distance = x.vector(at: place, count: width(i)) - mean.vector(at: i)
        products.store(fma(e, distance, products.vector(at: i)), at: i)
      }
      row += 1
    }
  }
}

/// See `ChannelTotals`. Item `i` is the vector of channels from `16 * i` on.
func channelTotals(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: ChannelTotals.self).pointee
  let partials = context.operands[0].assumingMemoryBound(to: Float.self)
  let result = context.operands[1].assumingMemoryBound(to: Float.self)
  let count = Double(p.sums.rows)
  let (chunks, chunkFloats, stride) = (p.sums.chunks, p.sums.partialFloats, p.sums.partialStride)
  for channel in Swift.stride(from: first * lanes, to: end * lanes, by: lanes) {
    let place = partials + channel
    switch p.sums.term {
    case .mean, .variance:
      let sums = DoubleSums(place, count: chunks, apart: chunkFloats)
      for i in 0..<lanes { result[channel + i] = Float(sums[i] / count) }
    case .statistics:
      let distances = DoubleSums(place + stride, count: chunks, apart: chunkFloats)
      let squares = DoubleSums(place + 2 * stride, count: chunks, apart: chunkFloats)
      for i in 0..<lanes {
        let distance = distances[i] / count
        result[channel + i] = Float(Double(place[i]) + distance)
        result[p.resultStride + channel + i] = Float(max(0, squares[i] / count - distance * distance))
      }
    case .gradient, .maskedGradient:
      let sums = DoubleSums(place, count: chunks, apart: chunkFloats)
      let products = DoubleSums(place + stride, count: chunks, apart: chunkFloats)
      for i in 0..<lanes {
        result[channel + i] = Float(sums[i])
        result[p.resultStride + channel + i] = Float(products[i])
      }
    }
  }
}

/// Sums of 16 lanes in double precision.
private struct DoubleSums {
  private var low = SIMD8<Double>.zero
  private var high = SIMD8<Double>.zero

  /// Adds `count` vectors in order.
  @inline(__always) init(_ start: Floats, count: Int, apart distance: Int) {
    for i in 0..<count {
      let vector = start.vector(at: i * distance)
      low += SIMD8<Double>(vector.lowHalf)
      high += SIMD8<Double>(vector.highHalf)
    }
  }

  @inline(__always) subscript(_ lane: Int) -> Double { lane < 8 ? low[lane] : high[lane - 8] }
}
