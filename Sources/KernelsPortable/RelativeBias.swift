import KernelContract

/// See `RelativeBiasParameters`. The biases of a query are a run of one line of distances.
func relativeBias(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: RelativeBiasParameters.self)
  let table = context.floats(p.isGradient ? 1 : 0)
  let biases = context.floats(p.isGradient ? 0 : 1)
  // Element i is the distance i - (queries - 1) of a key from a query.
  let line = context.scratch.assumingMemoryBound(to: Float.self)
  let distances = p.queries + p.keys - 1
  for head in first..<end {
    let rows = biases + head * p.queries * p.biasStride
    guard p.isGradient else {
      for index in 0..<distances { line[index] = table[p.buckets.bucket(index - p.queries + 1) * p.tableStride + head] }
      for query in 0..<p.queries {
        copyRow(line + (p.queries - 1 - query), rows + query * p.biasStride, count: p.keys)
      }
      continue
    }
    for index in 0..<distances { line[index] = 0 }
    for query in 0..<p.queries {
      let to = line + (p.queries - 1 - query)
      let from = rows + query * p.biasStride
      for key in stride(from: 0, to: p.keys, by: lanes) {
        let count = p.keys - key
        to.store(to.vector(at: key, count: count) + from.vector(at: key, count: count), at: key, count: count)
      }
    }
    for bucket in 0..<p.buckets.count { table[bucket * p.tableStride + head] = 0 }
    for index in 0..<distances { table[p.buckets.bucket(index - p.queries + 1) * p.tableStride + head] += line[index] }
  }
}

private func copyRow(_ from: UnsafeMutablePointer<Float>, _ to: UnsafeMutablePointer<Float>, count: Int) {
  for column in stride(from: 0, to: count, by: lanes) {
    to.store(from.vector(at: column, count: count - column), at: column, count: count - column)
  }
}
