import KernelContract

/// See `StridedCopyParameters`.
func stridedCopy(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let parameters = context.parameters.load(as: StridedCopyParameters.self)
  let source = context.operands[0].assumingMemoryBound(to: UInt32.self) + parameters.sourceStart
  let result = context.operands[1].assumingMemoryBound(to: UInt32.self) + parameters.resultStart
  let (rows, columns) = (parameters.loops[4], parameters.loops[5])
  for item in first..<end {
    var rest = item
    var from = source
    var to = result
    var loop = 3
    while loop >= 0 {
      let position = rest % parameters.loops[loop].extent
      rest /= parameters.loops[loop].extent
      from += position * parameters.loops[loop].source
      to += position * parameters.loops[loop].result
      loop -= 1
    }
    if columns.source == 1 && columns.result == 1 {
      for row in 0..<rows.extent {
        (to + row * rows.result).update(from: from + row * rows.source, count: columns.extent)
      }
    } else {
      transpose(from, to, rows, columns)
    }
  }
}

/// Blocks of 16 by 16, so that the lines of both sides stay in the first-level cache.
@inline(__always)
private func transpose(
  _ source: UnsafePointer<UInt32>, _ result: UnsafeMutablePointer<UInt32>, _ rows: StridedCopyParameters.Loop,
  _ columns: StridedCopyParameters.Loop
) {
  var row = 0
  while row < rows.extent {
    let rowEnd = min(row + 16, rows.extent)
    var column = 0
    while column < columns.extent {
      let columnEnd = min(column + 16, columns.extent)
      for r in row..<rowEnd {
        let from = source + r &* rows.source
        let to = result + r &* rows.result
        for c in column..<columnEnd { to[c &* columns.result] = from[c &* columns.source] }
      }
      column = columnEnd
    }
    row = rowEnd
  }
}
