import KernelContract

/// See `SinusoidParameters`.
func sinusoid(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: SinusoidParameters.self)
  let (x, result) = (context.floats(0), context.floats(1))
  let line = context.scratch.assumingMemoryBound(to: Float.self)
  for place in first..<end {
    for column in 0..<p.width { line[column] = p.value(place: place, column: column) }
    for example in 0..<p.examples {
      let start = (example * p.places + place) * p.rowStride
      for column in stride(from: 0, to: p.width, by: lanes) {
        result.store(x.vector(at: start + column) + line.vector(at: column), at: start + column)
      }
    }
  }
}
