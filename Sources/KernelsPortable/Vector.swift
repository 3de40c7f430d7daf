import CPUDetection

/// One register of AVX-512, two of AVX2, four of NEON: the unit of every kernel, and of every padded extent.
typealias Vector = SIMD16<Float>

#if AVX512
  /// What a register holds: for loops that count registers.
  typealias RegisterVector = Vector
#else
  /// What a register of AVX2 holds, or two of NEON, which has twice as many: for loops that count registers.
  typealias RegisterVector = SIMD8<Float>
#endif
@_transparent var registerLanes: Int { RegisterVector.scalarCount }

/// As many bytes as a register has lanes, as floats.
@_transparent func floats(_ bytes: UnsafeRawPointer) -> RegisterVector {
  #if AVX512
    netc_load_bytes_as_floats(bytes)
  #else
    netc_load_half_bytes_as_floats(bytes)
  #endif
}

/// The lanes of a `Vector`, and the columns of a panel of packed weights.
let lanes = 16

extension UnsafePointer<Float> {
  /// The 16 floats from `index` on; no alignment is needed.
  @inline(__always) func vector(at index: Int) -> Vector {
    UnsafeRawPointer(self + index).loadUnaligned(as: Vector.self)
  }
}

extension UnsafeMutablePointer<Float> {
  /// The 16 floats from `index` on; no alignment is needed.
  @inline(__always) func vector(at index: Int) -> Vector {
    UnsafeRawPointer(self + index).loadUnaligned(as: Vector.self)
  }

  /// Stores 16 floats from `index` on; no alignment is needed.
  @inline(__always) func store(_ vector: Vector, at index: Int) {
    UnsafeMutableRawPointer(self + index).storeBytes(of: vector, as: Vector.self)
  }
}

/// `a * b + c`, rounded once.
@_transparent func fma(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector { c.addingProduct(a, b) }

// The standard library's `max`, `min`, `clamped` and `sum` of vectors compile to calls or to loops over lanes.

/// The greater lanes; `a` where either is not a number.
@_transparent func maximum(_ a: Vector, _ b: Vector) -> Vector { a.replacing(with: b, where: a .< b) }

/// The smaller lanes; `a` where either is not a number.
@_transparent func minimum(_ a: Vector, _ b: Vector) -> Vector { a.replacing(with: b, where: a .> b) }

extension SIMD8<Float> {
  /// The sum of the lanes, added as a halving tree.
  @inline(__always) var laneSum: Float {
    let x4 = lowHalf + highHalf
    let x2 = x4.lowHalf + x4.highHalf
    return x2.x + x2.y
  }
}

extension SIMD16<Float> {
  /// The sum of the lanes, added as a halving tree.
  @inline(__always) var laneSum: Float { (lowHalf + highHalf).laneSum }

  /// The greatest lane.
  @inline(__always) var laneMaximum: Float {
    let x8 = lowHalf.replacing(with: highHalf, where: lowHalf .< highHalf)
    let x4 = x8.lowHalf.replacing(with: x8.highHalf, where: x8.lowHalf .< x8.highHalf)
    let x2 = x4.lowHalf.replacing(with: x4.highHalf, where: x4.lowHalf .< x4.highHalf)
    return x2.x < x2.y ? x2.y : x2.x
  }

  /// The lanes `0 ..< count` unchanged, the others zero.
  @inline(__always) func keeping(first count: Int) -> Vector {
    let numbers = SIMD16<Int32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    return Vector.zero.replacing(
      with: self, where: numbers .< SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: count)))
  }
}
