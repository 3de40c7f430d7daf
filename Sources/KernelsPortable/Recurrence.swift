import KernelContract

/// See `RecurrenceParameters`.
func recurrence(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: RecurrenceParameters.self)
  for item in first..<end { RecurrentBlock(p, context, item).run() }
}

/// A block of examples on its way through all steps.
private struct RecurrentBlock {
  let s: RecurrenceShape
  let inputStride: Int
  /// Extents of the shape that loops read: a call each of another module's property would cost as much as the arithmetic.
  let padded: Int
  let gateStride: Int
  let width: Int
  let firstExample: Int
  let examples: Int
  let input: UnsafeMutablePointer<Float>
  let weight: UnsafeMutablePointer<Float>
  let bias: UnsafeMutablePointer<Float>
  let mask: UnsafeMutablePointer<Float>
  let record: UnsafeMutablePointer<Float>
  let state: UnsafeMutablePointer<Float>
  /// The state after its dropout; the state itself without one.
  let read: UnsafeMutablePointer<Float>
  let memory: UnsafeMutablePointer<Float>
  let factors: UnsafeMutablePointer<Float>
  let gates: UnsafeMutablePointer<Float>

  init(_ p: RecurrenceParameters, _ context: borrowing KernelContext, _ item: Int) {
    s = p.shape
    inputStride = p.inputStride
    padded = s.padded
    gateStride = s.gateStride
    width = s.width
    firstExample = item * s.block
    examples = min(s.block, s.examples - firstExample)
    input = context.floats(0)
    weight = context.floats(1)
    bias = context.floats(2)
    mask = context.floats(3)
    let further = 3 + (s.maskStride > 0 ? 1 : 0)
    record = context.floats(further + (s.hasDropout ? 1 : 0))
    let scratch = context.scratch.assumingMemoryBound(to: Float.self)
    let part = s.block * padded
    state = scratch
    memory = scratch + part
    factors = scratch + 2 * part
    read = s.hasDropout ? scratch + 3 * part : state
    gates = scratch + 4 * part
    for index in stride(from: 0, to: 4 * part, by: lanes) { scratch.store(.zero, at: index) }
    if s.hasDropout {
      let step = context.operands[further].load(as: Int32.self)
      recurrentFactors(s, factors, firstExample: firstExample, examples: examples, step: step)
    }
  }

  func run() {
    for position in 0..<s.steps {
      let step = s.step(position)
      // Behind the ends of all its texts a block has nothing to compute.
      if s.counts(step, ofAny: firstExample..<(firstExample + examples), mask) {
        multiplyBlock(
          UnsafePointer(read), aRow: padded, UnsafePointer(weight), bPanel: lanes * width, steps: width, gates,
          cRow: gateStride, rows: examples, panels: ceilingQuotient(width * s.cell.gates, lanes),
          bias: UnsafePointer(bias))
      }
      for row in 0..<examples {
        let place = (firstExample + row) * s.steps + step
        guard s.counts(step, ofAny: (firstExample + row)..<(firstExample + row + 1), mask) else {
          keep(row, place)
          continue
        }
        switch s.cell {
        case .lstm: lstm(row, place)
        case .gru: gru(row, place)
        case .tanh, .relu: plain(row, place)
        }
        if s.hasDropout {
          for unit in stride(from: row * padded, to: (row + 1) * padded, by: lanes) {
            read.store(state.vector(at: unit) * factors.vector(at: unit), at: unit)
          }
        }
      }
    }
  }

  /// Records a step that does not count: no gates, and the state that there was.
  private func keep(_ row: Int, _ place: Int) {
    let to = record + place * s.recordStride
    let hasMemory = s.cell == .lstm
    let states = (s.cell.slots - (hasMemory ? 2 : 1)) * width
    for unit in stride(from: 0, to: states, by: lanes) { to.store(.zero, at: unit, count: states - unit) }
    for unit in stride(from: 0, to: width, by: lanes) {
      let at = row * padded + unit
      if hasMemory { to.store(memory.vector(at: at), at: states + unit, count: width - unit) }
      to.store(state.vector(at: at), at: (s.cell.slots - 1) * width + unit, count: width - unit)
    }
  }

  @inline(never)
  private func lstm(_ row: Int, _ place: Int) {
    let x = input + place * inputStride
    let r = gates + row * gateStride
    let to = record + place * s.recordStride
    let w = width
    var unit = 0
    while unit < w {
      let count = w - unit
      let at = row * padded + unit
      let i = sigmoid(x.vector(at: unit, count: count) + r.vector(at: unit))
      let f = sigmoid(x.vector(at: w + unit, count: count) + r.vector(at: w + unit))
      let g = boundedTangent(x.vector(at: 2 * w + unit, count: count) + r.vector(at: 2 * w + unit))
      let o = sigmoid(x.vector(at: 3 * w + unit, count: count) + r.vector(at: 3 * w + unit))
      let c = fma(f, memory.vector(at: at), i * g)
      let h = o * boundedTangent(c)
      memory.store(c, at: at)
      state.store(h, at: at)
      to.store(i, at: unit, count: count)
      to.store(f, at: w + unit, count: count)
      to.store(g, at: 2 * w + unit, count: count)
      to.store(o, at: 3 * w + unit, count: count)
      to.store(c, at: 4 * w + unit, count: count)
      to.store(h, at: 5 * w + unit, count: count)
      unit += lanes
    }
  }

  @inline(never)
  private func gru(_ row: Int, _ place: Int) {
    let x = input + place * inputStride
    let recurrent = gates + row * gateStride
    let to = record + place * s.recordStride
    let w = width
    for unit in stride(from: 0, to: w, by: lanes) {
      let count = w - unit
      let at = row * padded + unit
      let r = sigmoid(x.vector(at: unit, count: count) + recurrent.vector(at: unit))
      let z = sigmoid(x.vector(at: w + unit, count: count) + recurrent.vector(at: w + unit))
      let q = recurrent.vector(at: 2 * w + unit)
      let n = boundedTangent(fma(r, q, x.vector(at: 2 * w + unit, count: count)))
      let h = fma(z, state.vector(at: at) - n, n)
      state.store(h, at: at)
      to.store(r, at: unit, count: count)
      to.store(z, at: w + unit, count: count)
      to.store(n, at: 2 * w + unit, count: count)
      to.store(q, at: 3 * w + unit, count: count)
      to.store(h, at: 4 * w + unit, count: count)
    }
  }

  @inline(never)
  private func plain(_ row: Int, _ place: Int) {
    let x = input + place * inputStride
    let r = gates + row * gateStride
    let to = record + place * s.recordStride
    let isRectified = s.cell.isRectified
    for unit in stride(from: 0, to: width, by: lanes) {
      let count = width - unit
      let at = row * padded + unit
      let sum = x.vector(at: unit, count: count) + r.vector(at: unit)
      let h = isRectified ? rectified(sum) : boundedTangent(sum)
      state.store(h, at: at)
      to.store(h, at: unit, count: count)
    }
  }
}

extension RecurrentCell {
  /// Whether it is `relu`; `==` of an enum with names compares them as texts.
  @inline(__always)
  var isRectified: Bool { if case .relu = self { true } else { false } }
}

/// `tanh` within 1.2e-7 of the truth, relative to one: states and gates are compared with one, and it takes one exponential.
@_transparent func boundedTangent(_ x: Vector) -> Vector {
  splat(1) - splat(2) / (exponential(x + x) + splat(1))
}

extension RecurrenceShape {
  /// Whether a step counts for any of some examples.
  func counts(_ step: Int, ofAny examples: Range<Int>, _ mask: UnsafeMutablePointer<Float>) -> Bool {
    maskStride == 0 || examples.contains { mask[$0 * maskStride + step] > 0 }
  }
}

/// What the states of a block of examples are multiplied by before a step reads them.
func recurrentFactors(
  _ s: RecurrenceShape, _ factors: UnsafeMutablePointer<Float>, firstExample: Int, examples: Int, step: Int32
) {
  for row in 0..<examples {
    for unit in 0..<s.width {
      let isKept = s.dropout.keeps(position: (firstExample + row) * s.width + unit, step: step)
      factors[row * s.padded + unit] = isKept ? s.dropout.scale : 0
    }
  }
}

/// `C[r, 16p + l] = bias + Σ_k A[r, k] * B[…]` for a block of rows and packed panels of B that stay in the cache.
@inline(never)
func multiplyBlock(
  _ a: UnsafePointer<Float>, aRow: Int, aStep: Int = 1, _ b: UnsafePointer<Float>, bPanel: Int, bStep: Int = lanes,
  steps: Int, _ c: UnsafeMutablePointer<Float>, cRow: Int, rows: Int, panels: Int, bias: UnsafePointer<Float>? = nil,
  accumulates: Bool = false
) {
  var shape = Contraction(
    steps: steps, aStep: aStep, bStep: bStep, aRow: aRow, bPanel: bPanel, cRow: cRow, cPanel: lanes)
  shape.accumulates = accumulates
  let mostPanels = panels >= productPanels ? productPanels : tilePanels
  var tiles = Tiles(rows, most: mostPanels == productPanels ? productRows : tileRows)
  while let tile = tiles.next() {
    var panel = 0
    while panel < panels {
      let count = min(mostPanels, panels - panel)
      shape.bias = bias.map { $0 + panel * lanes }
      shape.tile(
        rows: tile.count, panels: count, a + tile.first * aRow, b + panel * bPanel,
        c + tile.first * cRow + panel * lanes)
      panel += count
    }
  }
}

/// See `RecurrenceReadParameters`.
func recurrenceRead(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: RecurrenceReadParameters.self)
  let s = p.shape
  let record = context.floats(0)
  let result = context.floats(s.hasDropout ? 2 : 1)
  let factors = context.scratch.assumingMemoryBound(to: Float.self)
  for example in first..<end {
    if s.hasDropout {
      let step = context.operands[1].load(as: Int32.self)
      recurrentFactors(s, factors, firstExample: example, examples: 1, step: step)
    }
    for position in 0..<s.steps {
      let to = result + (example * s.steps + s.step(position)) * p.resultStride
      guard position > 0 else {
        for unit in stride(from: 0, to: s.width, by: lanes) { to.store(.zero, at: unit) }
        continue
      }
      let place = example * s.steps + s.step(position - 1)
      let from = record + place * s.recordStride + (s.cell.slots - 1) * s.width
      for unit in stride(from: 0, to: s.width, by: lanes) {
        let state = from.vector(at: unit, count: s.width - unit)
        to.store(s.hasDropout ? state * factors.vector(at: unit) : state, at: unit)
      }
    }
  }
}
