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

/// See `TokenSortParameters`: a counting sort. Counts stand two places further than their tokens: after the sums, a token's next place
/// stands one place further, and moves to where the starts of the next token belong.
func tokenSort(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: TokenSortParameters.self)
  let tokens = context.operands[0].assumingMemoryBound(to: Int32.self)
  let starts = context.operands[1].assumingMemoryBound(to: Int32.self)
  let order = starts + p.rows + 2
  for row in 0..<p.rows + 2 { starts[row] = 0 }
  let lines = ceilingQuotient(p.tokens.count, p.tokens.width)
  for line in 0..<lines {
    let from = tokens + line * p.tokens.stride
    for column in 0..<min(p.tokens.width, p.tokens.count - line * p.tokens.width) {
      let token = Int(from[column])
      if token >= 0 && token < p.rows { starts[token + 2] += 1 }
    }
  }
  for row in 2..<max(2, p.rows + 2) { starts[row] += starts[row - 1] }
  var index: Int32 = 0
  for line in 0..<lines {
    let from = tokens + line * p.tokens.stride
    for column in 0..<min(p.tokens.width, p.tokens.count - line * p.tokens.width) {
      let token = Int(from[column])
      if token >= 0 && token < p.rows {
        order[Int(starts[token + 1])] = index
        starts[token + 1] += 1
      }
      index += 1
    }
  }
}

/// See `EmbeddingGradientParameters`.
func embeddingGradient(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: EmbeddingGradientParameters.self)
  let starts = context.operands[0].assumingMemoryBound(to: Int32.self)
  let order = starts + p.table.rows + 2
  let dy = context.floats(1)
  let step = OptimizerStep(p.update, context, first: 2)
  let columns = p.table.columns
  for item in first..<end {
    let firstRow = item * p.block
    let rows = min(p.block, p.table.rows - firstRow)
    let count = p.table.isPanels ? p.blockFloats : rows * p.table.stride
    if p.update.isLazy && starts[firstRow] == starts[firstRow + rows] && p.update.kind != .none { continue }
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
