import KernelContract

private typealias Floats = UnsafeMutablePointer<Float>

/// See `ChannelSums`. Item `i` is chunk `i / groups` of the rows and group `i % groups` of the channels.
func channelSums(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: ChannelSums.self).pointee
  let partials = context.operands[p.term.operandCount].assumingMemoryBound(to: Float.self)
  let groups = p.groups
  let isPadded = p.rowStride % lanes == 0
  for item in first..<end {
    let chunk = item / groups
    let firstRow = chunk * ChannelSums.chunkRows
    let rows = min(ChannelSums.chunkRows, p.rows - firstRow)
    let firstChannel = item % groups * ChannelSums.groupChannels
    let lastChannel = min(p.channels, firstChannel + ChannelSums.groupChannels)
    var channel = firstChannel
    while channel < lastChannel {
      let job = ChannelJob(
        x: context.operands[p.term.rawValue < 3 ? 0 : 1].assumingMemoryBound(to: Float.self) + channel,
        firstRow: firstRow, rows: rows, stride: p.rowStride,
        width: isPadded ? lanes : min(lanes, p.channels - channel),
        partials: partials + chunk * p.partialFloats + channel, partialStride: p.partialStride)
      switch p.term {
      case .mean: sumValues(job)
      case .variance:
        let mean = context.operands[1].assumingMemoryBound(to: Float.self).vector(at: channel)
        sumSquares(job, around: mean, squares: job.partials)
      case .statistics:
        // Numbers near the mean as origin: the mean of rows spread over the tensor.
        var shift = Vector.zero
        for i in 0..<16 { shift += job.x.vector(at: p.rows * i / 16 * job.stride, count: job.width) }
        shift *= splat(1 / 16)
        job.partials.store(shift, at: 0)
        sumSquares(job, around: shift, squares: job.partials + 2 * job.partialStride)
      case .gradient, .maskedGradient:
        let mean = context.operands[2].assumingMemoryBound(to: Float.self).vector(at: channel)
        let variance = context.operands[3].assumingMemoryBound(to: Float.self).vector(at: channel)
        let scale = splat(1) / (variance + splat(p.epsilon)).squareRoot()
        let dy = context.operands[0].assumingMemoryBound(to: Float.self) + channel
        if p.term == .gradient {
          sumGradients(job, dy, job.x, mean, scale, isMasked: false)
        } else {
          let y = context.operands[4].assumingMemoryBound(to: Float.self) + channel
          sumGradients(job, dy, y, mean, scale, isMasked: true)
        }
      }
      channel += lanes
    }
  }
}

/// One vector of channels of one chunk.
private struct ChannelJob {
  /// The first row of the tensor, at the first of the channels.
  let x: Floats
  let firstRow: Int
  let rows: Int
  let stride: Int
  /// The channels that may be read.
  let width: Int
  let partials: Floats
  let partialStride: Int
}

// Four sums side by side: an addition takes four cycles.

@inline(never)
private func sumValues(_ job: ChannelJob) {
  let x = job.x + job.firstRow * job.stride
  var (a, b, c, d) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
  var row = 0
  while row + 4 <= job.rows && job.width == lanes {
    a += x.vector(at: row * job.stride)
    b += x.vector(at: (row + 1) * job.stride)
    c += x.vector(at: (row + 2) * job.stride)
    d += x.vector(at: (row + 3) * job.stride)
    row += 4
  }
  while row < job.rows {
    a += x.vector(at: row * job.stride, count: job.width)
    row += 1
  }
  job.partials.store((a + b) + (c + d), at: 0)
}

/// The sum of squared distances, and for `statistics` that of the distances in the second row of the partial sums.
@inline(never)
private func sumSquares(_ job: ChannelJob, around center: Vector, squares: Floats) {
  let x = job.x + job.firstRow * job.stride
  var (a, b, c, d) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
  var (s, t, u, v) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
  var row = 0
  while row + 4 <= job.rows && job.width == lanes {
    let e = x.vector(at: row * job.stride) - center
    let f = x.vector(at: (row + 1) * job.stride) - center
    let g = x.vector(at: (row + 2) * job.stride) - center
    let h = x.vector(at: (row + 3) * job.stride) - center
    a += e
    b += f
    c += g
    d += h
    s = fma(e, e, s)
    t = fma(f, f, t)
    u = fma(g, g, u)
    v = fma(h, h, v)
    row += 4
  }
  while row < job.rows {
    let e = x.vector(at: row * job.stride, count: job.width) - center
    a += e
    s = fma(e, e, s)
    row += 1
  }
  if squares != job.partials { job.partials.store((a + b) + (c + d), at: job.partialStride) }
  squares.store((s + t) + (u + v), at: 0)
}

@inline(never)
private func sumGradients(
  _ job: ChannelJob, _ gradient: Floats, _ result: Floats, _ mean: Vector, _ scale: Vector, isMasked: Bool
) {
  let x = job.x + job.firstRow * job.stride
  let dy = gradient + job.firstRow * job.stride
  let y = result + job.firstRow * job.stride
  var (a, b, s, t) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
  var row = 0
  while row + 2 <= job.rows && job.width == lanes {
    let (i, j) = (row * job.stride, (row + 1) * job.stride)
    var e = dy.vector(at: i)
    var f = dy.vector(at: j)
    if isMasked {
      e = select(y.vector(at: i) .> splat(0), e, splat(0))
      f = select(y.vector(at: j) .> splat(0), f, splat(0))
    }
    a += e
    b += f
    s = fma(e, x.vector(at: i) - mean, s)
    t = fma(f, x.vector(at: j) - mean, t)
    row += 2
  }
  while row < job.rows {
    let i = row * job.stride
    var e = dy.vector(at: i, count: job.width)
    if isMasked { e = select(y.vector(at: i, count: job.width) .> splat(0), e, splat(0)) }
    a += e
    s = fma(e, x.vector(at: i, count: job.width) - mean, s)
    row += 1
  }
  job.partials.store(a + b, at: 0)
  job.partials.store((s + t) * scale, at: job.partialStride)
}

/// See `ChannelTotals`. Item `i` is the vector of channels from `16 * i` on.
func channelTotals(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: ChannelTotals.self).pointee
  let partials = context.operands[0].assumingMemoryBound(to: Float.self)
  let result = context.operands[1].assumingMemoryBound(to: Float.self)
  let count = Double(p.sums.rows)
  let (chunks, chunkFloats, stride) = (p.sums.chunks, p.sums.partialFloats, p.sums.partialStride)
  for channel in (first * lanes)..<(end * lanes) {
    let isStatistics = p.sums.term == .statistics
    var a = 0.0
    var b = 0.0
    for chunk in 0..<chunks {
      let partial = partials + chunk * chunkFloats + channel
      a += Double(partial[isStatistics ? stride : 0])
      if p.sums.term.resultCount == 2 { b += Double(partial[isStatistics ? 2 * stride : stride]) }
    }
    switch p.sums.term {
    case .mean, .variance: result[channel] = Float(a / count)
    case .statistics:
      let distance = a / count
      result[channel] = Float(Double(partials[channel]) + distance)
      result[p.resultStride + channel] = Float(max(0, b / count - distance * distance))
    case .gradient, .maskedGradient:
      result[channel] = Float(a)
      result[p.resultStride + channel] = Float(b)
    }
  }
}
