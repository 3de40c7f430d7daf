// Transcendental functions of vectors. Errors are against float64 over all floats of the range.

/// `e^x` within 2 units in the last place: 0 below -87.3, infinity above 88.73.
///
/// 2^n by exponent bits, with n = round(x / ln 2), times a polynomial of degree 6 in the remainder (Cephes `expf`).
@inline(__always) func exponential(_ x: Vector) -> Vector {
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
@inline(__always) func sigmoid(_ x: Vector) -> Vector {
  Vector(repeating: 1) / (Vector(repeating: 1) + exponential(Vector.zero - x))
}

/// The hyperbolic tangent within 4 units in the last place, by a rational function of degree 13 over 6 (Eigen's).
@inline(__always) func hyperbolicTangent(_ x: Vector) -> Vector {
  let limit: Float = 7.905_311
  let c = minimum(maximum(x, Vector(repeating: -limit)), Vector(repeating: limit))
  let s = c * c
  var p = Vector(repeating: -2.760_768_477_423_55e-16)
  p = fma(p, s, Vector(repeating: 2.000_187_904_824_77e-13))
  p = fma(p, s, Vector(repeating: -8.604_671_522_137_35e-11))
  p = fma(p, s, Vector(repeating: 5.122_297_090_371_14e-08))
  p = fma(p, s, Vector(repeating: 1.485_722_357_179_79e-05))
  p = fma(p, s, Vector(repeating: 6.372_619_288_754_36e-04))
  p = fma(p, s, Vector(repeating: 4.893_524_558_917_86e-03))
  var q = Vector(repeating: 1.198_258_394_667_02e-06)
  q = fma(q, s, Vector(repeating: 1.185_347_056_866_54e-04))
  q = fma(q, s, Vector(repeating: 2.268_434_632_439_00e-03))
  q = fma(q, s, Vector(repeating: 4.893_525_185_543_85e-03))
  // Below 0.0004 the tangent is x itself to the last bit, and the quotient would lose denormals.
  let small = s .< Vector(repeating: 1.6e-7)
  return (c * p / q).replacing(with: x, where: small)
}
