import KernelContract

/// See `RecurrenceGradientParameters`.
func recurrenceGradient(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: RecurrenceGradientParameters.self)
  for item in first..<end { RecurrentBlockGradient(p, context, item).run() }
}

/// A block of examples on its way back through all steps.
private struct RecurrentBlockGradient {
  let p: RecurrenceGradientParameters
  let s: RecurrenceShape
  /// Extents of the shape that loops read: a call each of another module's property would cost as much as the arithmetic.
  let padded: Int
  let gateStride: Int
  let width: Int
  let firstExample: Int
  let examples: Int
  let upstream: UnsafeMutablePointer<Float>
  let record: UnsafeMutablePointer<Float>
  let mask: UnsafeMutablePointer<Float>
  let result: UnsafeMutablePointer<Float>
  /// The state's gradient that goes to the state before without the weight, and that which comes through it.
  let kept: UnsafeMutablePointer<Float>
  let through: UnsafeMutablePointer<Float>
  let memory: UnsafeMutablePointer<Float>
  let factors: UnsafeMutablePointer<Float>
  /// The gradients of the recurrent gates of one step.
  let gates: UnsafeMutablePointer<Float>
  let weight: UnsafeMutablePointer<Float>
  let weightPanel: Int

  init(_ p: RecurrenceGradientParameters, _ context: borrowing KernelContext, _ item: Int) {
    self.p = p
    s = p.shape
    padded = s.padded
    gateStride = s.gateStride
    width = s.width
    firstExample = item * s.block
    examples = min(s.block, s.examples - firstExample)
    upstream = context.floats(0)
    record = context.floats(1)
    mask = context.floats(3)
    let further = 3 + (s.maskStride > 0 ? 1 : 0)
    result = context.floats(further + (s.hasDropout ? 1 : 0))
    let scratch = context.scratch.assumingMemoryBound(to: Float.self)
    let part = s.block * padded
    kept = scratch
    through = scratch + part
    memory = scratch + 2 * part
    factors = scratch + 3 * part
    gates = scratch + 4 * part
    weight = gates + s.block * gateStride + 16
    let depth = s.cell.gates * width
    weightPanel = (depth + 1) * lanes
    for index in stride(from: 0, to: 3 * part, by: lanes) { scratch.store(.zero, at: index) }
    for index in stride(from: 0, to: part, by: lanes) { factors.store(splat(1), at: index) }
    if s.hasDropout {
      let step = context.operands[further].load(as: Int32.self)
      recurrentFactors(s, factors, firstExample: firstExample, examples: examples, step: step)
    }
    packPanels(
      UnsafePointer(context.floats(2)), .transposedPanels(columns: width), steps: depth, columns: width, to: weight,
      panelStride: weightPanel)
  }

  func run() {
    for position in (0..<s.steps).reversed() {
      let step = s.step(position)
      for row in 0..<examples {
        let place = (firstExample + row) * s.steps + step
        let before = position > 0 ? (firstExample + row) * s.steps + s.step(position - 1) : nil
        addUpstream(row, place, isLast: position == s.steps - 1)
        guard s.counts(step, ofAny: (firstExample + row)..<(firstExample + row + 1), mask) else {
          clear(row, place)
          continue
        }
        switch s.cell {
        case .lstm: lstm(row, place, before)
        case .gru: gru(row, place, before)
        case .tanh, .relu: plain(row, place)
        }
      }
      if position > 0, !s.counts(step, ofAny: firstExample..<(firstExample + examples), mask) {
        for index in stride(from: 0, to: examples * padded, by: lanes) { through.store(.zero, at: index) }
      } else if position > 0 {
        multiplyBlock(
          UnsafePointer(gates), aRow: gateStride, UnsafePointer(weight), bPanel: weightPanel,
          steps: s.cell.gates * width, through, cRow: padded, rows: examples, panels: padded / lanes)
      }
    }
  }

  /// Makes `kept` the whole gradient of the state after this step.
  @inline(__always)
  private func addUpstream(_ row: Int, _ place: Int, isLast: Bool) {
    let from = upstream + (p.takesLast ? firstExample + row : place) * p.upstreamStride
    let reads = !p.takesLast || isLast
    for unit in stride(from: 0, to: width, by: lanes) {
      let at = row * padded + unit
      var sum = fma(through.vector(at: at), factors.vector(at: at), kept.vector(at: at))
      if reads { sum += from.vector(at: unit, count: width - unit) }
      kept.store(sum, at: at)
    }
  }

  /// A step that does not count: its gates have no gradient, and the state's goes on as it is.
  private func clear(_ row: Int, _ place: Int) {
    let to = result + place * p.resultStride
    let results = s.cell.gradients * width
    for unit in stride(from: 0, to: results, by: lanes) { to.store(.zero, at: unit, count: results - unit) }
    for unit in stride(from: 0, to: gateStride, by: lanes) { gates.store(.zero, at: row * gateStride + unit) }
  }

  @inline(never)
  private func lstm(_ row: Int, _ place: Int, _ before: Int?) {
    let from = record + place * s.recordStride
    let to = result + place * p.resultStride
    let copy = gates + row * gateStride
    let w = width
    let one = splat(1)
    for unit in stride(from: 0, to: w, by: lanes) {
      let count = w - unit
      let at = row * padded + unit
      let i = from.vector(at: unit, count: count)
      let f = from.vector(at: w + unit, count: count)
      let g = from.vector(at: 2 * w + unit, count: count)
      let o = from.vector(at: 3 * w + unit, count: count)
      let bent = boundedTangent(from.vector(at: 4 * w + unit, count: count))
      let old = before.map { (record + $0 * s.recordStride).vector(at: 4 * w + unit, count: count) } ?? .zero
      let dh = kept.vector(at: at)
      let dc = fma(dh * o, one - bent * bent, memory.vector(at: at))
      let di = dc * g * i * (one - i)
      let df = dc * old * f * (one - f)
      let dg = dc * i * (one - g * g)
      let dout = dh * bent * o * (one - o)
      memory.store(dc * f, at: at)
      kept.store(.zero, at: at)
      store(di, to, copy, unit, count)
      store(df, to, copy, w + unit, count)
      store(dg, to, copy, 2 * w + unit, count)
      store(dout, to, copy, 3 * w + unit, count)
    }
  }

  @inline(never)
  private func gru(_ row: Int, _ place: Int, _ before: Int?) {
    let from = record + place * s.recordStride
    let to = result + place * p.resultStride
    let copy = gates + row * gateStride
    let w = width
    let one = splat(1)
    for unit in stride(from: 0, to: w, by: lanes) {
      let count = w - unit
      let at = row * padded + unit
      let r = from.vector(at: unit, count: count)
      let z = from.vector(at: w + unit, count: count)
      let n = from.vector(at: 2 * w + unit, count: count)
      let q = from.vector(at: 3 * w + unit, count: count)
      let old = before.map { (record + $0 * s.recordStride).vector(at: 4 * w + unit, count: count) } ?? .zero
      let dh = kept.vector(at: at)
      let dn = dh * (one - z) * (one - n * n)
      kept.store(dh * z, at: at)
      store(dn * q * r * (one - r), to, copy, unit, count)
      store(dh * (old - n) * z * (one - z), to, copy, w + unit, count)
      to.store(dn, at: 2 * w + unit, count: count)
      to.store(dn * r, at: 3 * w + unit, count: count)
      copy.store(dn * r, at: 2 * w + unit, count: count)
    }
  }

  @inline(never)
  private func plain(_ row: Int, _ place: Int) {
    let from = record + place * s.recordStride
    let to = result + place * p.resultStride
    let copy = gates + row * gateStride
    let isRectified = s.cell.isRectified
    for unit in stride(from: 0, to: width, by: lanes) {
      let count = width - unit
      let at = row * padded + unit
      let h = from.vector(at: unit, count: count)
      let dh = kept.vector(at: at)
      kept.store(.zero, at: at)
      let slope = isRectified ? select(h .> .zero, dh, .zero) : dh * (splat(1) - h * h)
      store(slope, to, copy, unit, count)
    }
  }

  @inline(__always)
  private func store(
    _ vector: Vector, _ to: UnsafeMutablePointer<Float>, _ copy: UnsafeMutablePointer<Float>, _ at: Int, _ count: Int
  ) {
    to.store(vector, at: at, count: count)
    copy.store(vector, at: at, count: count)
  }
}
