import KernelContract

/// See `SoftmaxCrossEntropyBlock`. Items are runs of rows.
func softmaxCrossEntropyBlock(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: SoftmaxCrossEntropyBlock.self).pointee
  let logits = context.floats(0)
  let labels = context.operands[1].assumingMemoryBound(to: Int32.self)
  let (losses, plainLosses, correct) = (context.floats(4), context.floats(5), context.floats(6))
  var scale: Float = 0
  if p.hasGradient {
    let (upstream, count) = (context.floats(2)[0], context.floats(3)[0])
    scale = count > 0 ? upstream / count : upstream
  }
  let isWhole = p.rowStride % lanes == 0
  for row in first * p.itemRows..<min(end * p.itemRows, p.rows) {
    let x = FloatRow(logits + row * p.rowStride, count: p.classes, isWhole: isWhole)
    var measures: (loss: Float, plain: Float, correct: Float) = (0, 0, 0)
    if let label = p.labels.label(p.first + row, labels) {
      if label < 0 || label >= p.classes {
        measures = (.nan, .nan, 0)
        if p.hasGradient { fill(x, .nan) }
      } else {
        measures = measure(x, label, p.smoothing, stores: p.hasGradient, scale)
      }
    } else if p.hasGradient {
      fill(x, 0)
    }
    losses[p.first + row] = measures.loss
    plainLosses[p.first + row] = measures.plain
    correct[p.first + row] = measures.correct
  }
}

/// What is told of a row; `stores`: and its gradient, `scale * (softmax - target)`, in place.
@inline(never)
private func measure(
  _ x: FloatRow, _ label: Int, _ smoothing: Float, stores: Bool, _ scale: Float
) -> (loss: Float, plain: Float, correct: Float) {
  let greatest = rowMaximum(x)
  let origin = splat(greatest)
  let own = x.start[label] - greatest
  let isCorrect = own == 0 && !contains(x, greatest, before: label)
  var (sum, distances) = (Vector.zero, Vector.zero)
  var i = 0
  while i < x.body {
    let distance = x[i] - origin
    let e = exponential(distance)
    sum += e
    distances += distance
    if stores { x.start.store(e, at: i) }
    i += lanes
  }
  var tail = Vector.zero
  if x.hasTail {
    distances += x.tail(greatest) - origin
    tail = exponential(x.tail(-.infinity) - origin)
    sum += tail
  }
  let total = sum.laneSum
  let logarithm = scalarLogarithm(total)
  let plain = logarithm - own
  let loss =
    smoothing == 0 ? plain : logarithm - (1 - smoothing) * own - smoothing * distances.laneSum / Float(x.count)
  if stores {
    let factor = splat(scale / total)
    let shift = splat(-scale * smoothing / Float(x.count))
    i = 0
    while i < x.body {
      x.start.store(fma(x[i], factor, shift), at: i)
      i += lanes
    }
    if x.hasTail { x.storeTail(fma(tail, factor, shift)) }
    x.start[label] -= (1 - smoothing) * scale
  }
  return (loss, plain, isCorrect ? 1 : 0)
}

/// Whether a number stands in a row before this position.
@inline(__always)
private func contains(_ x: FloatRow, _ number: Float, before end: Int) -> Bool {
  for index in 0..<end where x.start[index] == number { return true }
  return false
}

@inline(__always)
private func fill(_ x: FloatRow, _ number: Float) {
  var i = 0
  while i < x.body {
    x.start.store(splat(number), at: i)
    i += lanes
  }
  if x.hasTail { x.storeTail(splat(number)) }
}
