import KernelContract

private typealias Floats = UnsafeMutablePointer<Float>

/// See `BatchNormalization`. Items are runs of rows.
func batchNormalization(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: BatchNormalization.self).pointee
  let rows = p.rows
  let length = rows.patternFloats
  let (mean, scale, shift) = (
    context.scratch.assumingMemoryBound(to: Float.self), context.scratch.assumingMemoryBound(to: Float.self) + length,
    context.scratch.assumingMemoryBound(to: Float.self) + 2 * length
  )
  for c in stride(from: 0, to: rows.channels, by: lanes) {
    let width = rows.channels - c
    let variance = context.operands[2].assumingMemoryBound(to: Float.self).vector(at: c)
    let gamma = context.operands[3].assumingMemoryBound(to: Float.self).vector(at: c)
    let factor = gamma / (variance + splat(p.epsilon)).squareRoot()
    repeatInRows(context.operands[1].assumingMemoryBound(to: Float.self).vector(at: c), mean, rows, c, width)
    repeatInRows(factor, scale, rows, c, width)
    repeatInRows(context.operands[4].assumingMemoryBound(to: Float.self).vector(at: c), shift, rows, c, width)
  }
  let x = context.operands[0].assumingMemoryBound(to: Float.self)
  let residual = context.operands[p.hasResidual ? 5 : 0].assumingMemoryBound(to: Float.self)
  let y = context.operands[p.hasResidual ? 6 : 5].assumingMemoryBound(to: Float.self)
  let limit = min(end * rows.itemRows, rows.rows) * rows.stride
  let step = rows.patternRows * rows.stride
  for start in stride(from: first * rows.itemRows * rows.stride, to: limit, by: step) {
    let count = min(step, limit - start)
    switch (p.hasResidual, p.hasReLU) {
    case (false, false): normalise(x + start, x, y + start, mean, scale, shift, count, false, false)
    case (false, true): normalise(x + start, x, y + start, mean, scale, shift, count, false, true)
    case (true, false): normalise(x + start, residual + start, y + start, mean, scale, shift, count, true, false)
    case (true, true): normalise(x + start, residual + start, y + start, mean, scale, shift, count, true, true)
    }
  }
}

/// Writes up to 16 constants for the channels from `channel` on into every row of a pattern.
@inline(never)
private func repeatInRows(_ constants: Vector, _ pattern: Floats, _ rows: RowsOfChannels, _ channel: Int, _ width: Int)
{
  let width = rows.stride % lanes == 0 ? lanes : width
  for row in 0..<rows.patternRows { pattern.store(constants, at: row * rows.stride + channel, count: width) }
}

@inline(__always)
private func normalise(
  _ x: Floats, _ residual: Floats, _ y: Floats, _ mean: Floats, _ scale: Floats, _ shift: Floats, _ count: Int,
  _ hasResidual: Bool, _ hasReLU: Bool
) {
  var i = 0
  while i + lanes <= count {
    var value = fma(x.vector(at: i) - mean.vector(at: i), scale.vector(at: i), shift.vector(at: i))
    if hasResidual { value += residual.vector(at: i) }
    if hasReLU { value = rectified(value) }
    y.store(value, at: i)
    i += lanes
  }
  while i < count {
    var value = (x[i] - mean[i]) * scale[i] + shift[i]
    if hasResidual { value += residual[i] }
    if hasReLU && value < 0 { value = 0 }
    y[i] = value
    i += 1
  }
}

/// See `BatchNormalizationGradient`. Items are runs of rows.
func batchNormalizationGradient(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: BatchNormalizationGradient.self).pointee
  let rows = p.rows
  let mean = context.scratch.assumingMemoryBound(to: Float.self)
  let constants = GradientConstants(
    mean: mean, ofGradient: mean + rows.patternFloats, ofDistance: mean + 2 * rows.patternFloats,
    alone: mean + 3 * rows.patternFloats)
  let sums = context.operands[5].assumingMemoryBound(to: Float.self)
  let share = splat(1 / Float(rows.rows))
  for c in stride(from: 0, to: rows.channels, by: lanes) {
    let width = rows.channels - c
    let variance = context.operands[3].assumingMemoryBound(to: Float.self).vector(at: c)
    let gamma = context.operands[4].assumingMemoryBound(to: Float.self).vector(at: c)
    let inverse = splat(1) / (variance + splat(p.epsilon)).squareRoot()
    let factor = gamma * inverse
    repeatInRows(context.operands[2].assumingMemoryBound(to: Float.self).vector(at: c), mean, rows, c, width)
    repeatInRows(factor, constants.ofGradient, rows, c, width)
    repeatInRows(
      splat(0) - factor * inverse * sums.vector(at: p.sumStride + c) * share, constants.ofDistance, rows, c, width)
    repeatInRows(splat(0) - factor * sums.vector(at: c) * share, constants.alone, rows, c, width)
  }
  let dy = context.operands[0].assumingMemoryBound(to: Float.self)
  let x = context.operands[1].assumingMemoryBound(to: Float.self)
  let y = context.operands[6].assumingMemoryBound(to: Float.self)
  let dx = context.operands[p.hasMask ? 7 : 6].assumingMemoryBound(to: Float.self)
  let limit = min(end * rows.itemRows, rows.rows) * rows.stride
  let step = rows.patternRows * rows.stride
  for start in stride(from: first * rows.itemRows * rows.stride, to: limit, by: step) {
    let count = min(step, limit - start)
    if p.hasMask {
      combine(dy + start, x + start, y + start, dx + start, constants, count, true)
    } else {
      combine(dy + start, x + start, dy + start, dx + start, constants, count, false)
    }
  }
}

/// dx = ofGradient * dy + ofDistance * (x - mean) + alone, channel by channel.
private struct GradientConstants {
  let mean: Floats
  let ofGradient: Floats
  let ofDistance: Floats
  let alone: Floats
}

@inline(__always)
private func combine(
  _ dy: Floats, _ x: Floats, _ y: Floats, _ dx: Floats, _ constants: GradientConstants, _ count: Int, _ hasMask: Bool
) {
  var i = 0
  while i + lanes <= count {
    var gradient = dy.vector(at: i)
    if hasMask { gradient = select(y.vector(at: i) .> splat(0), gradient, splat(0)) }
    let rest = fma(
      x.vector(at: i) - constants.mean.vector(at: i), constants.ofDistance.vector(at: i), constants.alone.vector(at: i))
    dx.store(fma(gradient, constants.ofGradient.vector(at: i), rest), at: i)
    i += lanes
  }
  while i < count {
    let gradient = hasMask && !(y[i] > 0) ? 0 : dy[i]
    dx[i] =
      constants.ofGradient[i] * gradient + constants.ofDistance[i] * (x[i] - constants.mean[i]) + constants.alone[i]
    i += 1
  }
}
