import KernelContract

/// See `RowSoftmax`. Items are runs of rows.
func rowSoftmax(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: RowSoftmax.self).pointee
  let a = context.operands[0].assumingMemoryBound(to: Float.self)
  let b = context.operands[1].assumingMemoryBound(to: Float.self)
  let isGradient = p.function == .softmaxGradient || p.function == .logSoftmaxGradient
  let result = isGradient ? context.operands[2].assumingMemoryBound(to: Float.self) : b
  let isWhole = p.rowStride % lanes == 0
  for row in first * p.itemRows..<min(end * p.itemRows, p.rows) {
    let x = FloatRow(a + row * p.rowStride, count: p.columns, isWhole: isWhole)
    let y = FloatRow(b + row * p.rowStride, count: p.columns, isWhole: isWhole)
    let to = FloatRow(result + row * p.rowStride, count: p.columns, isWhole: isWhole)
    switch p.function {
    case .softmax: softmax(x, to)
    case .logSoftmax: logSoftmax(x, to)
    case .softmaxGradient: softmaxGradient(x, y, to)
    case .logSoftmaxGradient: logSoftmaxGradient(x, y, to)
    }
  }
}

/// The greatest number of the row; numbers that are none are passed over, and show in the exponentials.
@inline(__always)
func rowMaximum(_ x: FloatRow) -> Float {
  var greatest = splat(-.infinity)
  var i = 0
  while i < x.body {
    greatest = maximum(greatest, x[i])
    i += lanes
  }
  if x.hasTail { greatest = maximum(greatest, x.tail(-.infinity)) }
  return greatest.laneMaximum
}

/// The sum of `e^(x - origin)`.
@inline(__always)
func rowExponentialSum(_ x: FloatRow, _ origin: Float) -> Float {
  var sum = Vector.zero
  var i = 0
  while i < x.body {
    sum += exponential(x[i] - splat(origin))
    i += lanes
  }
  if x.hasTail { sum += exponential(x.tail(-.infinity) - splat(origin)) }
  return sum.laneSum
}

/// The natural logarithm of one number.
@inline(__always)
func scalarLogarithm(_ x: Float) -> Float { logarithm(splat(x))[0] }

@inline(never)
private func softmax(_ x: FloatRow, _ y: FloatRow) {
  let origin = splat(rowMaximum(x))
  var sum = Vector.zero
  var i = 0
  while i < x.body {
    let e = exponential(x[i] - origin)
    sum += e
    y.start.store(e, at: i)
    i += lanes
  }
  var tail = Vector.zero
  if x.hasTail {
    tail = exponential(x.tail(-.infinity) - origin)
    sum += tail
  }
  let scale = splat(1 / sum.laneSum)
  i = 0
  while i < y.body {
    y.start.store(y[i] * scale, at: i)
    i += lanes
  }
  if y.hasTail { y.storeTail(tail * scale) }
}

@inline(never)
private func logSoftmax(_ x: FloatRow, _ y: FloatRow) {
  let origin = rowMaximum(x)
  let shift = splat(origin + scalarLogarithm(rowExponentialSum(x, origin)))
  let tail = x.hasTail ? x.tail(0) : Vector.zero
  var i = 0
  while i < x.body {
    y.start.store(x[i] - shift, at: i)
    i += lanes
  }
  if y.hasTail { y.storeTail(tail - shift) }
}

@inline(never)
private func softmaxGradient(_ dy: FloatRow, _ y: FloatRow, _ dx: FloatRow) {
  var sum = Vector.zero
  var i = 0
  while i < y.body {
    sum = fma(dy[i], y[i], sum)
    i += lanes
  }
  let (dyTail, yTail) = y.hasTail ? (dy.tail(0), y.tail(0)) : (Vector.zero, Vector.zero)
  sum = fma(dyTail, yTail, sum)
  let shift = splat(sum.laneSum)
  i = 0
  while i < y.body {
    dx.start.store(y[i] * (dy[i] - shift), at: i)
    i += lanes
  }
  if dx.hasTail { dx.storeTail(yTail * (dyTail - shift)) }
}

@inline(never)
private func logSoftmaxGradient(_ dy: FloatRow, _ y: FloatRow, _ dx: FloatRow) {
  var sum = Vector.zero
  var i = 0
  while i < y.body {
    sum += dy[i]
    i += lanes
  }
  let (dyTail, yTail) = y.hasTail ? (dy.tail(0), y.tail(0)) : (Vector.zero, Vector.zero)
  let total = splat((sum + dyTail).laneSum)
  i = 0
  while i < y.body {
    dx.start.store(dy[i] - exponential(y[i]) * total, at: i)
    i += lanes
  }
  if dx.hasTail { dx.storeTail(dyTail - exponential(yTail) * total) }
}

/// See `AxisSoftmax`. Item `i` is the vector `i % vectors` of block `i / vectors`.
func axisSoftmax(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.assumingMemoryBound(to: AxisSoftmax.self).pointee
  let vectors = p.vectors
  for item in first..<end {
    let offset = item / vectors * p.extent * p.inner + item % vectors * lanes
    let width = min(lanes, p.inner - item % vectors * lanes)
    let x = context.operands[0].assumingMemoryBound(to: Float.self) + offset
    let y = context.operands[1].assumingMemoryBound(to: Float.self) + offset
    if p.isGradient {
      let dx = context.operands[2].assumingMemoryBound(to: Float.self) + offset
      var sum = Vector.zero
      for k in 0..<p.extent {
        sum = fma(x.vector(at: k * p.inner, count: width), y.vector(at: k * p.inner, count: width), sum)
      }
      for k in 0..<p.extent {
        let value = y.vector(at: k * p.inner, count: width)
        dx.store(value * (x.vector(at: k * p.inner, count: width) - sum), at: k * p.inner, count: width)
      }
    } else {
      var greatest = splat(-.infinity)
      for k in 0..<p.extent { greatest = maximum(greatest, x.vector(at: k * p.inner, count: width)) }
      var sum = Vector.zero
      for k in 0..<p.extent {
        let e = exponential(x.vector(at: k * p.inner, count: width) - greatest)
        sum += e
        y.store(e, at: k * p.inner, count: width)
      }
      let scale = splat(1) / sum
      for k in 0..<p.extent { y.store(y.vector(at: k * p.inner, count: width) * scale, at: k * p.inner, count: width) }
    }
  }
}
