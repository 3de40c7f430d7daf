import KernelContract

/// See `RowNormalizationParameters`.
func rowNormalization(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: RowNormalizationParameters.self)
  for item in first..<end {
    let rows = item * p.block..<min((item + 1) * p.block, p.rows)
    switch p.pass {
    case .forward: forward(p, context, rows)
    case .dataGradient: dataGradient(p, context, rows)
    case .weightGradient:
      weightGradient(p, context, rows, context.floats(2) + item * ceilingQuotient(p.columns, lanes) * lanes)
    }
  }
}

/// The mean of a row (0 where it is not centred) and the factor that its distances from it are multiplied by.
@inline(__always)
private func statistics(_ p: RowNormalizationParameters, _ x: FloatRow) -> (mean: Vector, factor: Vector) {
  let count = Float(p.columns)
  var mean = splat(0)
  if p.isCentered {
    var sum = Vector.zero
    var i = 0
    while i < x.body {
      sum += x[i]
      i += lanes
    }
    if x.hasTail { sum += x.tail(0) }
    mean = splat(sum.laneSum / count)
  }
  var square = Vector.zero
  var i = 0
  while i < x.body {
    let d = x[i] - mean
    square = fma(d, d, square)
    i += lanes
  }
  if x.hasTail {
    // Lanes past the end count as the mean.
    let d = x.tail(mean[0]) - mean
    square = fma(d, d, square)
  }
  return (mean, splat(1 / (square.laneSum / count + p.epsilon).squareRoot()))
}

@inline(never)
private func forward(_ p: RowNormalizationParameters, _ context: borrowing KernelContext, _ rows: Range<Int>) {
  let (x, weight) = (context.floats(0), context.floats(1))
  let bias = p.isCentered ? context.floats(2) : weight
  let result = context.floats(p.isCentered ? 3 : 2)
  for row in rows {
    let from = FloatRow(x + row * p.rowStride, count: p.columns, isWhole: true)
    let to = result + row * p.rowStride
    let (mean, factor) = statistics(p, from)
    var i = 0
    while i < p.columns {
      let scaled = (from[i] - mean) * factor * weight.vector(at: i)
      to.store(p.isCentered ? scaled + bias.vector(at: i) : scaled, at: i)
      i += lanes
    }
  }
}

@inline(never)
private func dataGradient(_ p: RowNormalizationParameters, _ context: borrowing KernelContext, _ rows: Range<Int>) {
  let (dy, x, weight) = (context.floats(0), context.floats(1), context.floats(2))
  let result = context.floats(3)
  let count = Float(p.columns)
  for row in rows {
    let from = FloatRow(x + row * p.rowStride, count: p.columns, isWhole: true)
    let upstream = dy + row * p.rowStride
    let to = result + row * p.rowStride
    let (mean, factor) = statistics(p, from)
    var sum = Vector.zero
    var product = Vector.zero
    var i = 0
    while i < p.columns {
      var g = upstream.vector(at: i) * weight.vector(at: i)
      var n = (from[i] - mean) * factor
      if i + lanes > p.columns {
        g = g.keeping(first: p.columns - i)
        n = n.keeping(first: p.columns - i)
      }
      sum += g
      product = fma(g, n, product)
      i += lanes
    }
    let projection = splat(product.laneSum / count)
    let shift = p.isCentered ? splat(sum.laneSum / count) : splat(0)
    i = 0
    while i < p.columns {
      let g = upstream.vector(at: i) * weight.vector(at: i)
      let n = (from[i] - mean) * factor
      to.store(factor * (g - shift - projection * n), at: i)
      i += lanes
    }
  }
}

@inline(never)
private func weightGradient(
  _ p: RowNormalizationParameters, _ context: borrowing KernelContext, _ rows: Range<Int>,
  _ sums: UnsafeMutablePointer<Float>
) {
  let (dy, x) = (context.floats(0), context.floats(1))
  var i = 0
  while i < p.columns {
    sums.store(.zero, at: i)
    i += lanes
  }
  for row in rows {
    let from = FloatRow(x + row * p.rowStride, count: p.columns, isWhole: true)
    let upstream = dy + row * p.rowStride
    let (mean, factor) = statistics(p, from)
    i = 0
    while i < p.columns {
      let term = fma(upstream.vector(at: i), (from[i] - mean) * factor, sums.vector(at: i))
      sums.store(i + lanes > p.columns ? term.keeping(first: p.columns - i) : term, at: i)
      i += lanes
    }
  }
}
