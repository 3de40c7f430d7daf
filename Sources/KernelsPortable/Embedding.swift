import KernelContract

/// See `EmbeddingParameters`.
func embedding(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: EmbeddingParameters.self)
  let table = context.floats(0)
  let tokens = context.operands[1].assumingMemoryBound(to: Int32.self)
  let result = context.floats(2)
  let columns = p.table.columns
  for index in first * p.block..<max(first * p.block, min(end * p.block, p.tokens.count)) {
    let token = Int(tokens[p.tokens.place(index)])
    let to = result + index * p.resultStride
    guard token >= 0 && token < p.table.rows else {
      for column in 0..<columns { to[column] = .nan }
      continue
    }
    if p.table.isPanels {
      let from = table + token / lanes * columns * lanes + token % lanes
      for column in 0..<columns { to[column] = from[column * lanes] }
    } else {
      let from = table + token * p.table.stride
      var column = 0
      while column < columns {
        to.store(from.vector(at: column), at: column)
        column += lanes
      }
    }
  }
}

/// See `TokenSortParameters`: a counting sort.
func tokenSort(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: TokenSortParameters.self)
  let tokens = context.operands[0].assumingMemoryBound(to: Int32.self)
  let starts = context.operands[1].assumingMemoryBound(to: Int32.self)
  let order = starts + p.rows + 1
  for row in 0...p.rows { starts[row] = 0 }
  for index in 0..<p.tokens.count {
    let token = Int(tokens[p.tokens.place(index)])
    if token >= 0 && token < p.rows { starts[token] += 1 }
  }
  var sum: Int32 = 0
  for row in 0...p.rows {
    let count = starts[row]
    starts[row] = sum
    sum &+= count
  }
  for index in 0..<p.tokens.count {
    let token = Int(tokens[p.tokens.place(index)])
    guard token >= 0 && token < p.rows else { continue }
    order[Int(starts[token])] = Int32(truncatingIfNeeded: index)
    starts[token] += 1
  }
  // Each start has moved to the next one's place.
  for row in (0..<p.rows).reversed() { starts[row + 1] = starts[row] }
  starts[0] = 0
}

/// See `EmbeddingGradientParameters`.
func embeddingGradient(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: EmbeddingGradientParameters.self)
  let starts = context.operands[0].assumingMemoryBound(to: Int32.self)
  let order = starts + p.table.rows + 1
  let dy = context.floats(1)
  let step = OptimizerStep(p.update, context, first: 2)
  let columns = p.table.columns
  for item in first..<end {
    let firstRow = item * p.block
    let rows = min(p.block, p.table.rows - firstRow)
    let count = p.table.isPanels ? p.blockFloats : rows * p.table.stride
    var sums = context.scratch.assumingMemoryBound(to: Float.self)
    if p.hasBase {
      let base = context.floats(2) + item * p.blockFloats
      sums = context.floats(3) + item * p.blockFloats
      if sums != base {
        for index in stride(from: 0, to: count, by: lanes) { sums.store(base.vector(at: index), at: index) }
      }
    } else {
      for index in stride(from: 0, to: count, by: lanes) { sums.store(.zero, at: index) }
    }
    for row in 0..<rows {
      for place in Int(starts[firstRow + row])..<Int(starts[firstRow + row + 1]) {
        let from = dy + Int(order[place]) * p.gradientStride
        if p.table.isPanels {
          for column in 0..<columns { sums[column * lanes + row] += from[column] }
        } else {
          let to = sums + row * p.table.stride
          var column = 0
          while column < columns {
            to.store(to.vector(at: column) + from.vector(at: column), at: column)
            column += lanes
          }
        }
      }
    }
    if !p.hasBase { step.apply(UnsafePointer(sums), start: item * p.blockFloats, count: count) }
  }
}
