import CPUDetection
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
    case .pack where p.innerStride == 1 && columns == lanes:
      for step in stride(from: 0, to: p.innerSteps, by: lanes) {
        transposeBlock(
          source + plain + step, rowStride: p.columnStride, rows: lanes, columns: min(lanes, p.innerSteps - step),
          to: result + packed + step * lanes, resultStride: lanes)
      }
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
/// column. Steps outside, panels inside: neighbours in memory are read one after another.
func packPanels(
  _ source: UnsafePointer<Float>, _ strides: MatrixStrides, steps: Int, columns: Int,
  to result: UnsafeMutablePointer<Float>, panelStride: Int
) {
  if strides.isPanels {
    for panel in 0..<ceilingQuotient(columns, lanes) {
      copyFloats(source + panel * strides.panel, result + panel * panelStride, count: steps * lanes)
    }
    return
  }
  let isTransposed = strides.rowPanel > 0 || strides.row == 1
  let ahead = ceilingQuotient(copyPrefetchDistance, columns) * strides.row
  for k in stride(from: 0, to: steps, by: isTransposed ? lanes : 1) {
    let row = source + (strides.rowPanel > 0 ? k / lanes * strides.rowPanel : k * strides.row)
    for column in stride(from: 0, to: columns, by: lanes) {
      let width = min(lanes, columns - column)
      let from = row + column * strides.column
      let to = result + column / lanes * panelStride + k * lanes
      if isTransposed {
        if strides.rowPanel > 0 && k + lanes < steps {
          for i in 0..<lanes { netc_prefetch(from + strides.rowPanel + i * lanes) }
        }
        transposeBlock(
          from, rowStride: strides.column, rows: width, columns: min(lanes, steps - k), to: to, resultStride: lanes)
      } else if strides.column == 1 && width == lanes {
        netc_prefetch(from + ahead)
        to.store(from.vector(at: 0), at: 0)
      } else {
        for lane in 0..<width { to[lane] = from[lane * strides.column] }
        for lane in width..<lanes { to[lane] = 0 }
      }
    }
  }
}
