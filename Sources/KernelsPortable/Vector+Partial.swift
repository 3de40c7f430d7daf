extension UnsafeMutablePointer<Float> {
  /// The first `count` of 16 lanes from `index` on, the others zero; no more memory is read.
  @inline(__always) func vector(at index: Int, count: Int) -> Vector {
    count >= lanes ? vector(at: index) : partialVector(self + index, count)
  }

  /// Stores the first `count` lanes from `index` on.
  @inline(__always) func store(_ vector: Vector, at index: Int, count: Int) {
    if count >= lanes { store(vector, at: index) } else { storePartially(vector, self + index, count) }
  }
}

@inline(never)
private func partialVector(_ source: UnsafeMutablePointer<Float>, _ count: Int) -> Vector {
  var result = Vector.zero
  for i in 0..<max(0, count) { result[i] = source[i] }
  return result
}

@inline(never)
private func storePartially(_ vector: Vector, _ destination: UnsafeMutablePointer<Float>, _ count: Int) {
  for i in 0..<max(0, count) { destination[i] = vector[i] }
}
