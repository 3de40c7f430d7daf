import KernelContract

extension ClassLabels {
  /// The label of a row; nil where the row does not count.
  @inline(__always) fileprivate func label(_ row: Int, _ labels: UnsafeMutablePointer<Int32>) -> Int? {
    let label = labels[width == stride ? row : row / width * stride + row % width]
    return hasIgnored && label == ignored ? nil : Int(label)
  }
}

/// See `SoftmaxCrossEntropyRows`. Items are runs of rows.
func softmaxCrossEntropyRows(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: SoftmaxCrossEntropyRows.self).pointee
  let logits = context.operands[0].assumingMemoryBound(to: Float.self)
  let labels = context.operands[1].assumingMemoryBound(to: Int32.self)
  let losses = context.operands[2].assumingMemoryBound(to: Float.self)
  let isWhole = p.rowStride % lanes == 0
  for row in first * p.itemRows..<min(end * p.itemRows, p.rows) {
    guard let label = p.labels.label(row, labels) else {
      losses[row] = 0
      continue
    }
    let x = FloatRow(logits + row * p.rowStride, count: p.classes, isWhole: isWhole)
    losses[row] = label >= 0 && label < p.classes ? rowLoss(x, label, p.smoothing) : .nan
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

/// See `CountedTotal`.
func countedTotal(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: CountedTotal.self).pointee
  let losses = context.operands[0].assumingMemoryBound(to: Float.self)
  let labels = context.operands[1].assumingMemoryBound(to: Int32.self)
  let result = context.operands[2].assumingMemoryBound(to: Float.self)
  var sum = 0.0
  var count = p.labels.hasIgnored ? 0 : p.rows
  if p.labels.hasIgnored {
    for row in 0..<p.rows where p.labels.label(row, labels) != nil { count += 1 }
  }
  if p.isCountOnly {
    result[0] = Float(count)
    return
  }
  // Rows that do not count have the loss 0.
  for row in 0..<p.rows { sum += Double(losses[row]) }
  result[0] = p.isMean && count > 0 ? Float(sum / Double(count)) : Float(sum)
}

/// See `SoftmaxCrossEntropyGradient`. Items are runs of rows.
func softmaxCrossEntropyGradient(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: SoftmaxCrossEntropyGradient.self).pointee
  let upstream = context.operands[0].assumingMemoryBound(to: Float.self)
  let logits = context.operands[1].assumingMemoryBound(to: Float.self)
  let labels = context.operands[2].assumingMemoryBound(to: Int32.self)
  let count = context.operands[3].assumingMemoryBound(to: Float.self)
  let result = context.operands[4].assumingMemoryBound(to: Float.self)
  let isWhole = p.rowStride % lanes == 0
  let scale = p.isMean ? upstream[0] / max(1, count[0]) : upstream[0]
  for row in first * p.itemRows..<min(end * p.itemRows, p.rows) {
    let x = FloatRow(logits + row * p.rowStride, count: p.classes, isWhole: isWhole)
    let dx = FloatRow(result + row * p.rowStride, count: p.classes, isWhole: isWhole)
    if let label = p.labels.label(row, labels) {
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
