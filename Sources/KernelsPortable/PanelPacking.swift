import KernelContract

/// The kernel of `PanelPackingParameters`; an item is one outer step of one panel.
func panelPacking(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: PanelPackingParameters.self)
  let source = UnsafePointer(context.floats(0))
  let result = context.floats(1)
  let panels = ceilingQuotient(p.columns, lanes)
  for item in first..<end {
    let outer = item % p.outerSteps
    let panel = item / p.outerSteps % panels
    let batch = item / (p.outerSteps * panels)
    let columns = min(lanes, p.columns - panel * lanes)
    let plain = batch * p.batchStride + panel * lanes * p.columnStride + outer * p.outerStride
    let packed = item * p.innerSteps * lanes
    switch p.direction {
    case .pack:
      for step in 0..<p.innerSteps {
        let from = source + plain + step * p.innerStride
        let to = result + packed + step * lanes
        for lane in 0..<columns { to[lane] = from[lane * p.columnStride] }
        for lane in columns..<lanes { to[lane] = 0 }
      }
    case .unpack:
      for step in 0..<p.innerSteps {
        let from = source + packed + step * lanes
        let to = result + plain + step * p.innerStride
        for lane in 0..<columns { to[lane * p.columnStride] = from[lane] }
      }
    }
  }
}

/// Copies `steps` rows and `columns` columns of a strided matrix to panels in scratch memory, zeroes beyond the last
/// column.
func packPanels(
  _ source: UnsafePointer<Float>, _ strides: MatrixStrides, steps: Int, columns: Int,
  to result: UnsafeMutablePointer<Float>, panelStride: Int
) {
  var column = 0
  while column < columns {
    let width = min(lanes, columns - column)
    let from = source + column * strides.column
    let to = result + column / lanes * panelStride
    if strides.rowPanel > 0 {
      var k = 0
      while k < steps {
        transposeBlock(
          from + k / lanes * strides.rowPanel, rowStride: lanes, rows: width, columns: min(lanes, steps - k),
          to: to + k * lanes, resultStride: lanes)
        k += lanes
      }
    } else if strides.row == 1 {
      var k = 0
      while k < steps {
        transposeBlock(
          from + k, rowStride: strides.column, rows: width, columns: min(lanes, steps - k), to: to + k * lanes,
          resultStride: lanes)
        k += lanes
      }
    } else if strides.column == 1 && width == lanes {
      for k in 0..<steps { to.store(from.vector(at: k * strides.row), at: k * lanes) }
    } else {
      for k in 0..<steps {
        for lane in 0..<width { to[k * lanes + lane] = from[k * strides.row + lane * strides.column] }
        for lane in width..<lanes { to[k * lanes + lane] = 0 }
      }
    }
    column += lanes
  }
}
