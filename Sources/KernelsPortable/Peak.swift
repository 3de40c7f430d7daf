import KernelContract

/// The kernel of `PeakParameters`.
func peak(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: PeakParameters.self)
  let scratch = context.scratch.assumingMemoryBound(to: Float.self)
  // As many sums at a time as stay in registers, 16 in all.
  for _ in first..<end {
    #if AVX512
      multiplyAdd(Accumulators<8, 2>.self, steps: p.steps, scratch)
    #else
      for _ in 0..<4 { multiplyAdd(Accumulators<4, 1>.self, steps: p.steps, scratch) }
    #endif
  }
}

@inline(__always)
private func multiplyAdd<let rows: Int, let panels: Int>(
  _ accumulators: Accumulators<rows, panels>.Type, steps: Int, _ result: UnsafeMutablePointer<Float>
) {
  let x = Vector(repeating: Float(steps) * 1e-9)
  var sums = Accumulators<rows, panels>(repeating: InlineArray<panels, Vector>(repeating: x))
  for _ in 0..<steps {
    for r in 0..<rows {
      for p in 0..<panels { sums[r][p] = fma(sums[r][p], x, x) }
    }
  }
  var total = Vector.zero
  for r in 0..<rows {
    for p in 0..<panels { total += sums[r][p] }
  }
  result.store(total, at: 0)
}
