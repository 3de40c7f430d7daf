import KernelContract

/// The kernel of `WinogradWeightsParameters`; an item is 16 steps of a panel.
func winogradWeights(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: WinogradWeightsParameters.self)
  let result = context.floats(1)
  let scratch = context.scratch.assumingMemoryBound(to: Float.self)
  let filters = WinogradFilters(p, UnsafePointer(context.floats(0)), scratch)
  let blocks = ceilingQuotient(p.depth, lanes)
  for item in first..<end {
    let (panel, block) = (item / blocks, item % blocks)
    filters.transform(
      panel: panel, block: block, to: result + (panel * p.depth + block * lanes) * lanes, matrixStride: p.matrixStride)
  }
}

/// The filters of a convolution, and what transforming them takes.
struct WinogradFilters {
  let p: WinogradWeightsParameters
  let weights: UnsafePointer<Float>
  /// `WinogradWeightsParameters.scratchBytes` of memory.
  let scratch: UnsafeMutablePointer<Float>

  init(_ p: WinogradWeightsParameters, _ weights: UnsafePointer<Float>, _ scratch: UnsafeMutablePointer<Float>) {
    self.p = p
    self.weights = weights
    self.scratch = scratch
  }

  /// Transforms 16 steps (fewer at the end) of a panel of the result, block number `block` of them: of each matrix,
  /// `matrixStride` floats after the one before, as many vectors one after another.
  @inline(never)
  func transform(panel: Int, block: Int, to result: UnsafeMutablePointer<Float>, matrixStride: Int) {
    switch p.transform {
    case .f4x3: transform(Row<3>.self, Row<6>.self, panel: panel, block: block, to: result, matrixStride: matrixStride)
    case .f2x5: transform(Row<5>.self, Row<6>.self, panel: panel, block: block, to: result, matrixStride: matrixStride)
    case .f2x3: transform(Row<3>.self, Row<4>.self, panel: panel, block: block, to: result, matrixStride: matrixStride)
    }
  }

  @inline(__always)
  private func transform<let k: Int, let n: Int>(
    _ taps: Row<k>.Type, _ points: Row<n>.Type, panel: Int, block: Int, to result: UnsafeMutablePointer<Float>,
    matrixStride: Int
  ) {
    let tapStride = p.inputs * lanes
    let steps = min(lanes, p.depth - block * lanes)
    let (outputPanel, inputBlock) = p.isForGradient ? (block, panel) : (panel, block)
    let from = weights + (outputPanel * k * k * p.inputs + inputBlock * lanes) * lanes
    guard p.isForGradient else {
      for step in 0..<steps {
        transformSquare(
          FilterTransform.self, taps, points, temporary: scratch,
          from: { r, c in from.vector(at: (r * k + c) * tapStride + step * lanes) },
          to: { r, c, value in result.store(value, at: (r * n + c) * matrixStride + step * lanes) })
      }
      return
    }
    let turned = scratch + n * n * lanes
    let inputs = min(lanes, p.inputs - inputBlock * lanes)
    for tap in 0..<k * k {
      transposeBlock(
        from + (k * k - 1 - tap) * tapStride, rowStride: lanes, rows: inputs, columns: lanes,
        to: turned + tap * lanes * lanes, resultStride: lanes)
    }
    for step in 0..<steps {
      transformSquare(
        FilterTransform.self, taps, points, temporary: scratch,
        from: { r, c in turned.vector(at: ((r * k + c) * lanes + step) * lanes) },
        to: { r, c, value in result.store(value, at: (r * n + c) * matrixStride + step * lanes) })
    }
  }
}
