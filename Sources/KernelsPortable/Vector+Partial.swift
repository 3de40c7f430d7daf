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

/// A row of floats, of which the last vector may be partial: `isWhole` says that its padding may be read and written.
struct FloatRow {
  let start: UnsafeMutablePointer<Float>
  let count: Int
  let isWhole: Bool

  @inline(__always) init(_ start: UnsafeMutablePointer<Float>, count: Int, isWhole: Bool) {
    self.start = start
    self.count = count
    self.isWhole = isWhole
  }

  /// The end of the whole vectors.
  @inline(__always) var body: Int { count & ~(lanes - 1) }
  @inline(__always) var hasTail: Bool { count & (lanes - 1) != 0 }

  @inline(__always) subscript(_ index: Int) -> Vector { start.vector(at: index) }

  /// The last, partial vector with `filler` in the lanes past the end.
  @inline(__always) func tail(_ filler: Float) -> Vector {
    let inside = SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: count - body)) .> laneNumbers
    let values = isWhole ? start.vector(at: body) : start.vector(at: body, count: count - body)
    return Vector(repeating: filler).replacing(with: values, where: inside)
  }

  @inline(__always) func storeTail(_ vector: Vector) {
    if isWhole { start.store(vector, at: body) } else { start.store(vector, at: body, count: count - body) }
  }
}

@_transparent var laneNumbers: SIMD16<Int32> { SIMD16<Int32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) }
