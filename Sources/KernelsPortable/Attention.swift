import KernelContract

/// See `AttentionParameters`.
func attention(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: AttentionParameters.self)
  let s = p.shape
  let e = s.extents
  let weights = AttentionWeights(s, context, first: 0)
  let keys = context.scratch.assumingMemoryBound(to: Float.self)
  let values = keys + s.transposedFloats
  let block = values + s.panelFloats
  let sums = block + s.blockFloats
  let result = context.floats(weights.operandCount)
  for item in first..<end {
    let (example, head) = (item / e.heads, item % e.heads)
    weights.packKeys(example, head, to: keys)
    packPanels(
      UnsafePointer(weights.values + example * e.keys * s.valueStride + head * e.width), .rowMajor(s.valueStride),
      steps: e.keys, columns: e.width, to: values, panelStride: s.panel)
    for start in stride(from: 0, to: e.queries, by: s.block) {
      let rows = min(s.block, e.queries - start)
      let limit = weights.limit(start + rows)
      weights.compute(example, head, start: start, rows: rows, keys: keys, to: block)
      if s.hasDropout { weights.drop(example, head, start: start, rows: rows, block, to: block) }
      multiplyBlock(
        UnsafePointer(block), aRow: s.weightStride, UnsafePointer(values), bPanel: s.panel, steps: limit, sums,
        cRow: s.paddedWidth, rows: rows, panels: s.paddedWidth / lanes)
      for row in 0..<rows {
        let to = result + (example * e.queries + start + row) * p.resultStride + head * e.width
        copyRow(sums + row * s.paddedWidth, to, count: e.width, scale: 1)
      }
    }
  }
}

/// Copies a row of floats, times `scale`; no more memory is written.
@inline(__always)
func copyRow(_ from: UnsafeMutablePointer<Float>, _ to: UnsafeMutablePointer<Float>, count: Int, scale: Float) {
  for column in stride(from: 0, to: count, by: lanes) {
    to.store(from.vector(at: column) * splat(scale), at: column, count: count - column)
  }
}

/// The weights of an attention: blocks of queries by all keys, after softmax.
struct AttentionWeights {
  let s: AttentionShape
  let queries: UnsafeMutablePointer<Float>
  let keyRows: UnsafeMutablePointer<Float>
  let values: UnsafeMutablePointer<Float>
  private let bias: UnsafeMutablePointer<Float>
  private let mask: UnsafeMutablePointer<Float>
  private let step: Int32
  /// The operands that an attention has before its result.
  let operandCount: Int

  /// The operands of the attention start at `first`.
  init(_ s: AttentionShape, _ context: borrowing KernelContext, first: Int) {
    self.s = s
    queries = context.floats(first)
    keyRows = context.floats(first + 1)
    values = context.floats(first + 2)
    var next = first + 3
    bias = context.floats(s.hasBias ? next : first)
    next += s.hasBias ? 1 : 0
    mask = context.floats(s.mask == .none ? first : next)
    next += s.mask == .none ? 0 : 1
    step = s.hasDropout ? context.operands[next].load(as: Int32.self) : 0
    operandCount = next + (s.hasDropout ? 1 : 0)
  }

  /// How many keys the queries before place `end` see at most.
  @inline(__always)
  func limit(_ end: Int) -> Int { s.isCausal ? min(end, s.extents.keys) : s.extents.keys }

  /// Keys of a head as columns.
  func packKeys(_ example: Int, _ head: Int, to panels: UnsafeMutablePointer<Float>) {
    let e = s.extents
    packPanels(
      UnsafePointer(keyRows + example * e.keys * s.keyStride + head * e.width), .columnMajor(s.keyStride),
      steps: e.width, columns: e.keys, to: panels, panelStride: s.transposedPanel)
  }

  /// The weights of `rows` queries from `start` on, of the keys that the last of them may see.
  func compute(
    _ example: Int, _ head: Int, start: Int, rows: Int, keys: UnsafeMutablePointer<Float>,
    to block: UnsafeMutablePointer<Float>
  ) {
    let e = s.extents
    let limit = limit(start + rows)
    multiplyBlock(
      UnsafePointer(queries + (example * e.queries + start) * s.queryStride + head * e.width), aRow: s.queryStride,
      UnsafePointer(keys), bPanel: s.transposedPanel, steps: e.width, block, cRow: s.weightStride, rows: rows,
      panels: ceilingQuotient(limit, lanes))
    for row in 0..<rows {
      let query = start + row
      let seen = s.isCausal ? min(query + 1, limit) : limit
      let flags: UnsafeMutablePointer<Float>? =
        switch s.mask {
        case .none: nil
        case .keys: mask + example * s.maskStride
        case .pairs: mask + (example * e.queries + query) * s.maskStride
        }
      softmax(
        block + row * s.weightStride, limit: limit, seen: seen,
        bias: s.hasBias ? bias + (head * e.queries + query) * s.biasStride : nil, flags: flags)
    }
  }

  /// Softmax of one row: `seen` keys where the flags are set, zero for the others up to `limit`.
  @inline(never)
  private func softmax(
    _ x: UnsafeMutablePointer<Float>, limit: Int, seen: Int, bias: UnsafeMutablePointer<Float>?,
    flags: UnsafeMutablePointer<Float>?
  ) {
    var greatest = splat(-.infinity)
    for i in stride(from: 0, to: limit, by: lanes) {
      var logits = x.vector(at: i) * splat(s.scale)
      if let bias { logits += bias.vector(at: i, count: seen - i) }
      var mayLook = laneNumbers .< SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: seen - i))
      if let flags { mayLook .&= flags.vector(at: i, count: seen - i) .> .zero }
      logits = select(mayLook, logits, splat(-.infinity))
      greatest = maximum(greatest, logits)
      x.store(logits, at: i)
    }
    let origin = greatest.laneMaximum
    guard origin > -.infinity else {
      for i in stride(from: 0, to: limit, by: lanes) { x.store(.zero, at: i) }
      return
    }
    var sum = Vector.zero
    for i in stride(from: 0, to: limit, by: lanes) {
      let logits = x.vector(at: i)
      let e = select(logits .== splat(-.infinity), .zero, exponential(logits - splat(origin)))
      sum += e
      x.store(e, at: i)
    }
    let factor = splat(1 / sum.laneSum)
    for i in stride(from: 0, to: limit, by: lanes) { x.store(x.vector(at: i) * factor, at: i) }
  }

  /// The weights of a block through dropout.
  func drop(
    _ example: Int, _ head: Int, start: Int, rows: Int, _ from: UnsafeMutablePointer<Float>,
    to: UnsafeMutablePointer<Float>
  ) {
    let e = s.extents
    let limit = limit(start + rows)
    for row in 0..<rows {
      let position = ((example * e.heads + head) * e.queries + start + row) * e.keys
      for key in 0..<limit {
        let isKept = s.dropout.keeps(position: position + key, step: step)
        to[row * s.weightStride + key] = isKept ? from[row * s.weightStride + key] * s.dropout.scale : 0
      }
    }
  }
}
