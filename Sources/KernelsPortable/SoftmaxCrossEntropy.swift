import KernelContract

extension ClassLabels {
  /// The label of a row; nil where the row does not count.
  @inline(__always) func label(_ row: Int, _ labels: UnsafeMutablePointer<Int32>) -> Int? {
    let label = labels[width == stride ? row : row / width * stride + row % width]
    return hasIgnored && label == ignored ? nil : Int(label)
  }
}

/// See `SoftmaxCrossEntropyRows`. Items are runs of rows.
func softmaxCrossEntropyRows(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: SoftmaxCrossEntropyRows.self).pointee
  let logits = context.operands[0].assumingMemoryBound(to: Float.self)
  let labels = context.operands[1].assumingMemoryBound(to: Int32.self)
  let weights = FloatRow(context.floats(p.hasWeights ? 2 : 0), count: p.classes, isWhole: true)
  let losses = context.operands[p.hasWeights ? 3 : 2].assumingMemoryBound(to: Float.self)
  let isWhole = p.rowStride % lanes == 0
  for row in first * p.itemRows..<min(end * p.itemRows, p.rows) {
    guard let label = p.labels.label(row, labels) else {
      losses[row] = 0
      continue
    }
    let x = FloatRow(logits + row * p.rowStride, count: p.classes, isWhole: isWhole)
    if label < 0 || label >= p.classes {
      losses[row] = .nan
    } else if p.hasWeights {
      losses[row] = weightedRowLoss(x, label, p.smoothing, weights)
    } else {
      losses[row] = rowLoss(x, label, p.smoothing)
    }
  }
}

@inline(never)
private func rowLoss(_ x: FloatRow, _ label: Int, _ smoothing: Float) -> Float {
  let origin = rowMaximum(x)
  let logarithm = scalarLogarithm(rowExponentialSum(x, origin))
  // Distances from the greatest logit keep the digits that a difference of large logits would lose.
  var loss = logarithm - (1 - smoothing) * (x.start[label] - origin)
  if smoothing != 0 {
    var sum = Vector.zero
    var i = 0
    while i < x.body {
      sum += x[i] - splat(origin)
      i += lanes
    }
    if x.hasTail { sum += x.tail(origin) - splat(origin) }
    loss -= smoothing * sum.laneSum / Float(x.count)
  }
  return loss
}

/// The loss of a row whose classes have weights.
@inline(never)
private func weightedRowLoss(_ x: FloatRow, _ label: Int, _ smoothing: Float, _ weights: FloatRow) -> Float {
  let origin = rowMaximum(x)
  let logarithm = scalarLogarithm(rowExponentialSum(x, origin))
  var loss = (1 - smoothing) * weights.start[label] * (logarithm - (x.start[label] - origin))
  if smoothing != 0 {
    let top = splat(logarithm + origin)
    var sum = Vector.zero
    var i = 0
    while i < x.body {
      sum = fma(weights[i], top - x[i], sum)
      i += lanes
    }
    if x.hasTail { sum = fma(weights.tail(0), top - x.tail(0), sum) }
    loss += smoothing * sum.laneSum / Float(x.count)
  }
  return loss
}

/// See `CountedTotal`.
func countedTotal(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: CountedTotal.self).pointee
  let losses = context.operands[0].assumingMemoryBound(to: Float.self)
  let labels = context.operands[1].assumingMemoryBound(to: Int32.self)
  let result = context.operands[p.hasWeights ? 3 : 2].assumingMemoryBound(to: Float.self)
  var sum = 0.0
  var count = p.labels.hasIgnored || p.hasWeights ? 0 : Double(p.rows / p.group)
  if p.hasWeights {
    let weights = context.floats(2)
    for row in 0..<p.rows {
      if let label = p.labels.label(row, labels) { count += Double(weights[label]) }
    }
  } else if p.labels.hasIgnored {
    var first = 0
    while first < p.rows {
      for row in first..<min(first + p.group, p.rows) where p.labels.label(row, labels) != nil {
        count += 1
        break
      }
      first += p.group
    }
  }
  if p.isCountOnly {
    result[0] = Float(count)
    return
  }
  // Rows that do not count have the loss 0.
  for row in 0..<p.rows { sum += Double(losses[row]) }
  result[0] = p.isMean && count > 0 ? Float(sum / count) : Float(sum)
}

/// See `SoftmaxCrossEntropyGradient`. Items are runs of rows.
func softmaxCrossEntropyGradient(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: SoftmaxCrossEntropyGradient.self).pointee
  let upstream = context.operands[0].assumingMemoryBound(to: Float.self)
  let logits = context.operands[1].assumingMemoryBound(to: Float.self)
  let labels = context.operands[2].assumingMemoryBound(to: Int32.self)
  let weights = FloatRow(context.floats(p.hasWeights ? 3 : 1), count: p.classes, isWhole: true)
  let count = context.operands[p.hasWeights ? 4 : 3].assumingMemoryBound(to: Float.self)
  let result = context.operands[p.hasWeights ? 5 : 4].assumingMemoryBound(to: Float.self)
  let isWhole = p.rowStride % lanes == 0
  let scale = p.isMean && count[0] > 0 ? upstream[0] / count[0] : upstream[0]
  let weightSum = p.hasWeights ? sum(weights) : 0
  for row in first * p.itemRows..<min(end * p.itemRows, p.rows) {
    let x = FloatRow(logits + row * p.rowStride, count: p.classes, isWhole: isWhole)
    let dx = FloatRow(result + row * p.rowStride, count: p.classes, isWhole: isWhole)
    if let label = p.labels.label(row, labels) {
      if p.hasWeights {
        weightedRowGradient(x, dx, label, scale, p.smoothing, weights, weightSum)
        continue
      }
      rowGradient(x, dx, scale, p.smoothing)
      if label >= 0 && label < p.classes { dx.start[label] -= (1 - p.smoothing) * scale }
    } else {
      var i = 0
      while i < dx.body {
        dx.start.store(.zero, at: i)
        i += lanes
      }
      if dx.hasTail { dx.storeTail(.zero) }
    }
  }
}

/// `scale * (softmax - smoothing / classes)`.
@inline(never)
private func rowGradient(_ x: FloatRow, _ dx: FloatRow, _ scale: Float, _ smoothing: Float) {
  let origin = splat(rowMaximum(x))
  var sum = Vector.zero
  var i = 0
  while i < x.body {
    let e = exponential(x[i] - origin)
    sum += e
    dx.start.store(e, at: i)
    i += lanes
  }
  var tail = Vector.zero
  if x.hasTail {
    tail = exponential(x.tail(-.infinity) - origin)
    sum += tail
  }
  let factor = splat(scale / sum.laneSum)
  let shift = splat(-scale * smoothing / Float(x.count))
  i = 0
  while i < dx.body {
    dx.start.store(fma(dx[i], factor, shift), at: i)
    i += lanes
  }
  if dx.hasTail { dx.storeTail(fma(tail, factor, shift)) }
}

/// The gradient of a row whose classes have weights, which add up to `sum`.
@inline(never)
private func weightedRowGradient(
  _ x: FloatRow, _ dx: FloatRow, _ label: Int, _ scale: Float, _ smoothing: Float, _ weights: FloatRow, _ sum: Float
) {
  guard label >= 0 && label < x.count else { return rowGradient(x, dx, .nan, 0) }
  let share = smoothing / Float(x.count)
  let own = (1 - smoothing) * weights.start[label]
  rowGradient(x, dx, scale * (own + share * sum), 0)
  if smoothing != 0 {
    let factor = splat(-scale * share)
    var i = 0
    while i < dx.body {
      dx.start.store(fma(weights[i], factor, dx[i]), at: i)
      i += lanes
    }
    if dx.hasTail { dx.storeTail(fma(weights.tail(0), factor, dx.tail(0))) }
  }
  dx.start[label] -= own * scale
}

@inline(never)
private func sum(_ row: FloatRow) -> Float {
  var total = Float.zero
  for index in 0..<row.count { total += row.start[index] }
  return total
}
