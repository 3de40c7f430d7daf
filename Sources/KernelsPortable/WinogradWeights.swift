import KernelContract

/// The kernel of `WinogradWeightsParameters`; an item is 16 inputs of a panel.
func winogradWeights(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: WinogradWeightsParameters.self)
  let weights = UnsafePointer(context.floats(0))
  let result = context.floats(1)
  let scratch = context.scratch.assumingMemoryBound(to: Float.self)
  let blocks = ceilingQuotient(p.inputs, lanes)
  for item in first..<end {
    let (panel, block) = (item / blocks, item % blocks)
    switch p.transform {
    case .f4x3: transformFilters(p, weights, result, scratch, panel, block, Row<3>.self, Row<6>.self)
    case .f2x5: transformFilters(p, weights, result, scratch, panel, block, Row<5>.self, Row<6>.self)
    case .f2x3: transformFilters(p, weights, result, scratch, panel, block, Row<3>.self, Row<4>.self)
    }
  }
}

/// Transforms the filters of 16 outputs and 16 inputs; for the gradient, with these exchanged and turned.
@inline(__always)
private func transformFilters<let k: Int, let n: Int>(
  _ p: WinogradWeightsParameters, _ weights: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>,
  _ scratch: UnsafeMutablePointer<Float>, _ panel: Int, _ block: Int, _ taps: Row<k>.Type, _ points: Row<n>.Type
) {
  let temporary = scratch
  let matrixStride = p.matrixStride
  let firstInput = block * lanes
  let inputs = min(lanes, p.inputs - firstInput)
  let tapStride = p.inputs * lanes
  let from = weights + panel * k * k * tapStride + firstInput * lanes
  guard p.isForGradient else {
    for input in 0..<inputs {
      let to = result + (panel * p.inputs + firstInput + input) * lanes
      transformSquare(
        FilterTransform.self, Row<k>.self, Row<n>.self, temporary: temporary,
        from: { r, c in from.vector(at: (r * k + c) * tapStride + input * lanes) },
        to: { r, c, value in to.store(value, at: (r * n + c) * matrixStride) })
    }
    return
  }
  let turned = scratch + n * n * lanes
  for tap in 0..<k * k {
    transposeBlock(
      from + (k * k - 1 - tap) * tapStride, rowStride: lanes, rows: inputs, columns: lanes,
      to: turned + tap * lanes * lanes, resultStride: lanes)
  }
  for output in 0..<min(lanes, p.outputs - panel * lanes) {
    let to = result + (block * p.outputs + panel * lanes + output) * lanes
    transformSquare(
      FilterTransform.self, Row<k>.self, Row<n>.self, temporary: temporary,
      from: { r, c in turned.vector(at: ((r * k + c) * lanes + output) * lanes) },
      to: { r, c, value in to.store(value, at: (r * n + c) * matrixStride) })
  }
}
