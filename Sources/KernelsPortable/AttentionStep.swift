import KernelContract

/// See `AttentionStepParameters`.
func attentionStep(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: AttentionStepParameters.self)
  let place = max(0, min(p.places - 1, Int(context.operands[3].load(as: Int32.self))))
  let origins = context.operands[4].assumingMemoryBound(to: Int32.self)
  let bias = context.floats(p.hasBias ? 5 : 0)
  let result = context.floats(p.hasBias ? 6 : 5)
  let weights = context.scratch.assumingMemoryBound(to: Float.self)
  let sums = weights + p.weightFloats
  for item in first..<end {
    let (row, head) = (item / p.heads, item % p.heads)
    let query = context.floats(0) + row * p.queryStride + head * p.width
    let rows = origins + row * p.originStride
    let (keys, values) = (context.floats(1) + head * p.width, context.floats(2) + head * p.width)
    var greatest = -Float.infinity
    for key in 0...place {
      let owner = max(0, min(p.rows - 1, Int(rows[key])))
      let from = keys + (owner * p.places + key) * p.keyStride
      var sum = Vector.zero
      for unit in stride(from: 0, to: p.width, by: lanes) {
        sum = fma(query.vector(at: unit, count: p.width - unit), from.vector(at: unit, count: p.width - unit), sum)
      }
      var logit = sum.laneSum * p.scale
      if p.hasBias { logit += bias[(head * p.places + place) * p.biasStride + key] }
      weights[key] = logit
      greatest = greatest < logit ? logit : greatest
    }
    var total = Vector.zero
    for key in stride(from: 0, to: place + 1, by: lanes) {
      let e = exponential(weights.vector(at: key) - splat(greatest)).keeping(first: place + 1 - key)
      total += e
      weights.store(e, at: key)
    }
    for unit in stride(from: 0, to: p.width, by: lanes) { sums.store(.zero, at: unit) }
    for key in 0...place {
      let owner = max(0, min(p.rows - 1, Int(rows[key])))
      let from = values + (owner * p.places + key) * p.valueStride
      let weight = splat(weights[key])
      for unit in stride(from: 0, to: p.width, by: lanes) {
        sums.store(fma(weight, from.vector(at: unit, count: p.width - unit), sums.vector(at: unit)), at: unit)
      }
    }
    let to = result + row * p.resultStride + head * p.width
    let factor = splat(1 / total.laneSum)
    for unit in stride(from: 0, to: p.width, by: lanes) {
      to.store(sums.vector(at: unit) * factor, at: unit, count: p.width - unit)
    }
  }
}

/// See `PlaceCopyParameters`.
func placeCopy(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: PlaceCopyParameters.self)
  let place = max(0, min(p.places - 1, Int(context.operands[2].load(as: Int32.self))))
  for row in first..<end {
    let sequence = context.floats(0) + (row * p.places + place) * p.sequenceStride
    let one = context.floats(1) + row * p.oneStride
    if p.isWrite {
      sequence.update(from: one, count: p.columns)
    } else {
      one.update(from: sequence, count: p.columns)
    }
  }
}
