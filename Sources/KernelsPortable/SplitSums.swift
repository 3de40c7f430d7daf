import KernelContract

/// The kernel of `SplitSumParameters`; an item is one row.
func splitSum(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: SplitSumParameters.self)
  let partial = UnsafePointer(context.floats(0))
  let result = context.floats(1)
  let epilogue = TileEpilogue(p.epilogue, context, first: 2)
  for row in first..<end {
    var column = 0
    while column < p.rowStride {
      let at = row * p.rowStride + column
      let bias = epilogue.bias.map { $0.vector(at: column) } ?? .zero
      let sum = sumOfSplits(partial + at, splits: p.splits, stride: p.rows * p.rowStride)
      result.store(epilogue.value(sum, bias: bias, at: at, channel: column), at: at)
      column += lanes
    }
  }
}

/// The kernel of `OptimizerUpdateParameters`; an item is a run of weights.
func optimizerUpdate(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: OptimizerUpdateParameters.self)
  let gradient = UnsafePointer(context.floats(0))
  let step = OptimizerStep(p.update, context, first: 1)
  let size = OptimizerUpdateParameters.itemSize
  for item in first..<end {
    let start = item * size
    let count = min(size, p.count - start)
    if p.splits == 1 {
      step.apply(gradient + start, start: start, count: count)
      continue
    }
    let storesSum = p.update.kind == .none
    let sums = storesSum ? context.floats(1) + start : context.scratch.assumingMemoryBound(to: Float.self)
    var i = 0
    while i < count {
      sums.store(sumOfSplits(gradient + start + i, splits: p.splits, stride: p.count), at: i)
      i += lanes
    }
    if !storesSum { step.apply(sums, start: start, count: count) }
  }
}

/// The kernel of `ColumnSumsParameters`; an item is one split of the rows.
func columnSums(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: ColumnSumsParameters.self)
  let matrix = UnsafePointer(context.floats(0))
  let padded = ceilingQuotient(p.columns, lanes) * lanes
  for split in first..<end {
    let start = p.rows * split / p.splits
    let rows = p.rows * (split + 1) / p.splits - start
    let sums = p.splits > 1 ? context.floats(1) + split * padded : context.scratch.assumingMemoryBound(to: Float.self)
    for i in 0..<padded { sums[i] = 0 }
    // Four panels at a time: whole cache lines of neighbouring columns, and sums that stay in registers.
    var column = 0
    while column < padded {
      let from = matrix + start * p.rowStride + column
      if column + 4 * lanes <= padded {
        var s0 = Vector.zero
        var s1 = Vector.zero
        var s2 = Vector.zero
        var s3 = Vector.zero
        for r in 0..<rows {
          let row = from + r * p.rowStride
          s0 += row.vector(at: 0)
          s1 += row.vector(at: lanes)
          s2 += row.vector(at: 2 * lanes)
          s3 += row.vector(at: 3 * lanes)
        }
        sums.store(s0, at: column)
        sums.store(s1, at: column + lanes)
        sums.store(s2, at: column + 2 * lanes)
        sums.store(s3, at: column + 3 * lanes)
        column += 4 * lanes
      } else {
        var sum = Vector.zero
        for r in 0..<rows { sum += from.vector(at: r * p.rowStride) }
        sums.store(sum, at: column)
        column += lanes
      }
    }
    for i in p.columns..<padded { sums[i] = 0 }
    if p.splits == 1 { OptimizerStep(p.update, context, first: 1).apply(sums, start: 0, count: padded) }
  }
}

/// The sum, in order, of `splits` vectors that lie `stride` floats apart.
@inline(__always)
private func sumOfSplits(_ first: UnsafePointer<Float>, splits: Int, stride: Int) -> Vector {
  var sum = first.vector(at: 0)
  for split in 1..<splits { sum += first.vector(at: split * stride) }
  return sum
}
