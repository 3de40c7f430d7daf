import KernelContract

/// The kernel of `PeakParameters`.
func peak(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: PeakParameters.self)
  let scratch = context.scratch.assumingMemoryBound(to: Float.self)
  // As many sums at a time as stay in registers, 16 in all.
  for _ in first..<end {
    #if AVX512
      multiplyAdd(InlineArray<16, Vector>.self, steps: p.steps, scratch)
    #else
      for _ in 0..<4 { multiplyAdd(InlineArray<4, Vector>.self, steps: p.steps, scratch) }
    #endif
  }
}

@inline(__always)
private func multiplyAdd<let count: Int>(
  _ sums: InlineArray<count, Vector>.Type, steps: Int, _ result: UnsafeMutablePointer<Float>
) {
  var sums = InlineArray<count, Vector>(repeating: Vector(repeating: 1))
  let x = Vector(repeating: Float(steps) * 1e-9)
  for _ in 0..<steps {
    for i in 0..<count { sums[i] = fma(sums[i], x, x) }
  }
  var total = Vector.zero
  for i in 0..<count { total += sums[i] }
  result.store(total, at: 0)
}
