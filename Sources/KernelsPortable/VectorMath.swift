// Transcendental functions of vectors. Errors are against float64 over all floats of the range.

/// `e^x` within 2 units in the last place: 0 below -86.99, infinity above 88.72.
///
/// 2^n by exponent bits, with n = round(x / ln 2), times a polynomial of degree 6 in the remainder (Cephes `expf`).
@_transparent func exponential(_ x: Vector) -> Vector {
  // 1.5 * 2^23: adding it rounds to an integer, which then stands in the low bits.
  let magic = Vector(repeating: 12_582_912)
  let clamped = minimum(maximum(x, Vector(repeating: -87.3)), Vector(repeating: 89))
  let shifted = fma(clamped, Vector(repeating: 1.442_695_04), magic)
  let n = shifted - magic
  var r = fma(n, Vector(repeating: -0.693_359_375), clamped)
  r = fma(n, Vector(repeating: 2.121_944_4e-4), r)
  var p = Vector(repeating: 1.987_569_15e-4)
  p = fma(p, r, Vector(repeating: 1.398_199_95e-3))
  p = fma(p, r, Vector(repeating: 8.333_451_9e-3))
  p = fma(p, r, Vector(repeating: 4.166_579_6e-2))
  p = fma(p, r, Vector(repeating: 0.166_666_65))
  p = fma(p, r, Vector(repeating: 0.5))
  p = fma(p, r * r, r) + Vector(repeating: 1)
  // Half the scale twice, because 2^128 is not a float while e^88.7 is.
  let bits = unsafeBitCast(shifted, to: SIMD16<UInt32>.self) &+ SIMD16<UInt32>(repeating: 126)
  let halfScale = unsafeBitCast(bits &<< SIMD16<UInt32>(repeating: 23), to: Vector.self)
  return p * halfScale * Vector(repeating: 2)
}

/// `1 / (1 + e^-x)`.
@_transparent func sigmoid(_ x: Vector) -> Vector {
  Vector(repeating: 1) / (Vector(repeating: 1) + exponential(Vector.zero - x))
}

/// The hyperbolic tangent within 4 units in the last place: an odd polynomial below 0.625, 1 - 2 / (e^2x + 1) above
/// (Cephes `tanhf`).
@_transparent func hyperbolicTangent(_ x: Vector) -> Vector {
  let a = magnitude(x)
  let s = x * x
  var p = Vector(repeating: -5.704_988_727_45e-3)
  p = fma(p, s, Vector(repeating: 2.063_908_879_54e-2))
  p = fma(p, s, Vector(repeating: -5.373_971_555_31e-2))
  p = fma(p, s, Vector(repeating: 1.333_144_220_36e-1))
  p = fma(p, s, Vector(repeating: -3.333_328_194_22e-1))
  let near = fma(p * s, x, x)
  let far = Vector(repeating: 1) - Vector(repeating: 2) / (exponential(a + a) + Vector(repeating: 1))
  return select(a .< Vector(repeating: 0.625), near, copySign(far, x))
}
