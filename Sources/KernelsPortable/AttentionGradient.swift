import KernelContract

/// See `AttentionGradientParameters`.
func attentionGradient(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: AttentionGradientParameters.self)
  let e = p.shape.extents
  let head = HeadGradient(p, context)
  for item in first..<end {
    if p.shape.hasBias {
      head.clearBias(item)
      for example in 0..<e.examples { head.run(example, item) }
    } else {
      head.run(item / e.heads, item % e.heads)
    }
  }
}

/// The way back through one head.
private struct HeadGradient {
  let p: AttentionGradientParameters
  let s: AttentionShape
  let e: AttentionExtents
  let forward: AttentionWeights
  let upstream: UnsafeMutablePointer<Float>
  let result: UnsafeMutablePointer<Float>
  /// Keys as columns and as rows, values as columns.
  let keyColumns: UnsafeMutablePointer<Float>
  let valueColumns: UnsafeMutablePointer<Float>
  let keyRows: UnsafeMutablePointer<Float>
  /// Queries and dy of a block as rows.
  let queryRows: UnsafeMutablePointer<Float>
  let upstreamRows: UnsafeMutablePointer<Float>
  let weights: UnsafeMutablePointer<Float>
  let dropped: UnsafeMutablePointer<Float>
  let slopes: UnsafeMutablePointer<Float>
  let dq: UnsafeMutablePointer<Float>
  let dk: UnsafeMutablePointer<Float>
  let dv: UnsafeMutablePointer<Float>

  init(_ p: AttentionGradientParameters, _ context: borrowing KernelContext) {
    self.p = p
    s = p.shape
    e = p.shape.extents
    forward = AttentionWeights(p.shape, context, first: 1)
    upstream = context.floats(0)
    result = context.floats(forward.operandCount)
    var next = context.scratch.assumingMemoryBound(to: Float.self)
    func take(_ count: Int) -> UnsafeMutablePointer<Float> {
      defer { next += count }
      return next
    }
    keyColumns = take(s.transposedFloats)
    valueColumns = take(s.transposedFloats)
    keyRows = take(s.panelFloats)
    queryRows = take(s.blockPanelFloats)
    upstreamRows = take(s.blockPanelFloats)
    weights = take(s.blockFloats)
    dropped = s.hasDropout ? take(s.blockFloats) : weights
    slopes = take(s.blockFloats)
    dq = take(s.block * s.paddedWidth)
    dk = take(e.keys * s.paddedWidth)
    dv = take(e.keys * s.paddedWidth)
  }

  private var queryFloats: Int { e.examples * e.queries * e.heads * e.width }
  private var keyFloats: Int { e.examples * e.keys * e.heads * e.width }

  func clearBias(_ head: Int) {
    let to = result + queryFloats + 2 * keyFloats + head * e.queries * e.keys
    for index in 0..<e.queries * e.keys { to[index] = 0 }
  }

  func run(_ example: Int, _ head: Int) {
    forward.packKeys(example, head, to: keyColumns)
    packPanels(
      UnsafePointer(forward.keyRows + example * e.keys * s.keyStride + head * e.width), .rowMajor(s.keyStride),
      steps: e.keys, columns: e.width, to: keyRows, panelStride: s.panel)
    packPanels(
      UnsafePointer(forward.values + example * e.keys * s.valueStride + head * e.width), .columnMajor(s.valueStride),
      steps: e.width, columns: e.keys, to: valueColumns, panelStride: s.transposedPanel)
    for index in stride(from: 0, to: 2 * e.keys * s.paddedWidth, by: lanes) { dk.store(.zero, at: index) }
    for start in stride(from: 0, to: e.queries, by: s.block) {
      run(example, head, start: start, rows: min(s.block, e.queries - start))
    }
    for key in 0..<e.keys {
      let place = ((example * e.keys + key) * e.heads + head) * e.width
      copyRow(dk + key * s.paddedWidth, result + queryFloats + place, count: e.width, scale: s.scale)
      copyRow(dv + key * s.paddedWidth, result + queryFloats + keyFloats + place, count: e.width, scale: 1)
    }
  }

  /// A block of queries.
  private func run(_ example: Int, _ head: Int, start: Int, rows: Int) {
    let limit = forward.limit(start + rows)
    let panels = s.paddedWidth / lanes
    forward.compute(example, head, start: start, rows: rows, keys: keyColumns, to: weights)
    if s.hasDropout { forward.drop(example, head, start: start, rows: rows, weights, to: dropped) }
    let dy = upstream + (example * e.queries + start) * p.upstreamStride + head * e.width
    multiplyBlock(
      UnsafePointer(dy), aRow: p.upstreamStride, UnsafePointer(valueColumns), bPanel: s.transposedPanel, steps: e.width,
      slopes, cRow: s.weightStride, rows: rows, panels: ceilingQuotient(limit, lanes))
    // What dropout drops has no slope.
    if s.hasDropout { forward.drop(example, head, start: start, rows: rows, slopes, to: slopes) }
    for row in 0..<rows {
      let bias =
        s.hasBias
        ? result + queryFloats + 2 * keyFloats + (head * e.queries + start + row) * e.keys : nil
      softmaxGradient(
        slopes + row * s.weightStride, weights + row * s.weightStride, limit: limit, bias: bias)
    }
    packPanels(
      UnsafePointer(dy), .rowMajor(p.upstreamStride), steps: rows, columns: e.width, to: upstreamRows,
      panelStride: s.blockPanel)
    packPanels(
      UnsafePointer(forward.queries + (example * e.queries + start) * s.queryStride + head * e.width),
      .rowMajor(s.queryStride), steps: rows, columns: e.width, to: queryRows, panelStride: s.blockPanel)
    multiplyBlock(
      UnsafePointer(slopes), aRow: s.weightStride, UnsafePointer(keyRows), bPanel: s.panel, steps: limit, dq,
      cRow: s.paddedWidth, rows: rows, panels: panels)
    for row in 0..<rows {
      let place = ((example * e.queries + start + row) * e.heads + head) * e.width
      copyRow(dq + row * s.paddedWidth, result + place, count: e.width, scale: s.scale)
    }
    multiplyBlock(
      UnsafePointer(dropped), aRow: 1, aStep: s.weightStride, UnsafePointer(upstreamRows), bPanel: s.blockPanel,
      steps: rows, dv, cRow: s.paddedWidth, rows: limit, panels: panels, accumulates: true)
    multiplyBlock(
      UnsafePointer(slopes), aRow: 1, aStep: s.weightStride, UnsafePointer(queryRows), bPanel: s.blockPanel,
      steps: rows,
      dk, cRow: s.paddedWidth, rows: limit, panels: panels, accumulates: true)
  }

  /// `w (g - Σ w g)` in place of g, added to the bias's gradient.
  @inline(never)
  private func softmaxGradient(
    _ g: UnsafeMutablePointer<Float>, _ w: UnsafeMutablePointer<Float>, limit: Int, bias: UnsafeMutablePointer<Float>?
  ) {
    var sum = Vector.zero
    for i in stride(from: 0, to: limit, by: lanes) {
      let product = w.vector(at: i) * g.vector(at: i)
      sum += limit - i >= lanes ? product : product.keeping(first: limit - i)
    }
    let mean = splat(sum.laneSum)
    for i in stride(from: 0, to: limit, by: lanes) {
      let slope = w.vector(at: i) * (g.vector(at: i) - mean)
      g.store(slope, at: i)
      if let bias { bias.store(bias.vector(at: i, count: limit - i) + slope, at: i, count: limit - i) }
    }
  }
}
