import KernelContract

/// See `IndexComparisonParameters`.
func indexComparison(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: IndexComparisonParameters.self)
  let x = context.operands[0].assumingMemoryBound(to: Int32.self)
  let y = context.operands[1].assumingMemoryBound(to: Int32.self)
  let result = context.operands[p.hasNumber ? 1 : 2].assumingMemoryBound(to: Float.self)
  for index in first * p.itemNumbers..<max(first * p.itemNumbers, min(end * p.itemNumbers, p.count)) {
    let a = Double(x[index])
    let b = p.hasNumber ? p.number : Double(y[index])
    let holds =
      switch p.relation {
      case .equal: a == b
      case .notEqual: a != b
      case .less: a < b
      case .lessOrEqual: a <= b
      case .greater: a > b
      case .greaterOrEqual: a >= b
      }
    result[index] = holds ? 1 : 0
  }
}

/// See `ShiftRightParameters`.
func shiftRight(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: ShiftRightParameters.self)
  let x = context.operands[0].assumingMemoryBound(to: Int32.self)
  let result = context.operands[1].assumingMemoryBound(to: Int32.self)
  for row in first..<end {
    result[row * p.rowStride] = p.start
    for column in 1..<max(1, p.columns) { result[row * p.rowStride + column] = x[row * p.rowStride + column - 1] }
  }
}
