// Further functions of vectors, without calls of the mathematical library. Errors are against float64.

/// The same number in every lane.
@_transparent func splat(_ x: Float) -> Vector { Vector(repeating: x) }

/// `yes` where the mask holds, `no` elsewhere.
@_transparent func select(_ mask: SIMDMask<SIMD16<Int32>>, _ yes: Vector, _ no: Vector) -> Vector {
  no.replacing(with: yes, where: mask)
}

@_transparent func wordsOf(_ x: Vector) -> SIMD16<UInt32> { unsafeBitCast(x, to: SIMD16<UInt32>.self) }
@_transparent func vectorOf(_ x: SIMD16<UInt32>) -> Vector { unsafeBitCast(x, to: Vector.self) }

/// The absolute values.
@_transparent func magnitude(_ x: Vector) -> Vector {
  vectorOf(wordsOf(x) & SIMD16<UInt32>(repeating: 0x7fff_ffff))
}

/// The magnitudes of `x` with the signs of `sign`.
@_transparent func copySign(_ x: Vector, _ sign: Vector) -> Vector {
  let mask = SIMD16<UInt32>(repeating: 0x8000_0000)
  return vectorOf((wordsOf(x) & ~mask) | (wordsOf(sign) & mask))
}

/// Integers below 2^22 in magnitude as floats.
@_transparent func vectorFromIntegers(_ x: SIMD16<Int32>) -> Vector {
  // The low bits of 1.5 * 2^23 + x are x: exact, and no conversion lane by lane.
  let magic = splat(12_582_912)
  return vectorOf(unsafeBitCast(x, to: SIMD16<UInt32>.self) &+ wordsOf(magic)) - magic
}

/// `max(x, 0)`; not a number stays so, as in PyTorch.
@_transparent func rectified(_ x: Vector) -> Vector { select(splat(0) .> x, splat(0), x) }

/// The greater lanes; not a number where either is not, as `torch.maximum`.
@_transparent func maximumOrNaN(_ a: Vector, _ b: Vector) -> Vector { select((a .> b) .| (a .!= a), a, b) }

/// The smaller lanes; not a number where either is not, as `torch.minimum`.
@_transparent func minimumOrNaN(_ a: Vector, _ b: Vector) -> Vector { select((a .< b) .| (a .!= a), a, b) }

/// The natural logarithm within 2 units in the last place; subnormal arguments count as themselves or as zero.
///
/// x = m 2^e with m in [√½, √2), and a polynomial of degree 8 in m - 1 (Cephes `logf`).
@_transparent func logarithm(_ x: Vector) -> Vector {
  let isSmall = x .< splat(Float.leastNormalMagnitude)
  let scaled = select(isSmall, x * splat(8_388_608), x)
  // 0x3f3504f3 is √½: taking it off puts the step between exponents there.
  let root = SIMD16<UInt32>(repeating: 0x3f35_04f3)
  let offset = wordsOf(scaled) &- root
  let exponent = unsafeBitCast(offset, to: SIMD16<Int32>.self) &>> SIMD16<Int32>(repeating: 23)
  let m = vectorOf((offset & SIMD16<UInt32>(repeating: 0x007f_ffff)) &+ root)
  var e = vectorFromIntegers(exponent)
  e = select(isSmall, e - splat(23), e)
  let t = m - splat(1)
  let z = t * t
  var p = splat(7.037_683_629_2e-2)
  p = fma(p, t, splat(-1.151_461_031e-1))
  p = fma(p, t, splat(1.167_699_874e-1))
  p = fma(p, t, splat(-1.242_014_084_6e-1))
  p = fma(p, t, splat(1.424_932_278_7e-1))
  p = fma(p, t, splat(-1.666_805_766_5e-1))
  p = fma(p, t, splat(2.000_071_476_5e-1))
  p = fma(p, t, splat(-2.499_999_399_3e-1))
  p = fma(p, t, splat(3.333_333_117_4e-1))
  var y = p * t * z
  y = fma(e, splat(-2.121_944_4e-4), y)
  y = fma(z, splat(-0.5), y)
  var result = fma(e, splat(0.693_359_375), t + y)
  result = select(x .== splat(0), splat(-.infinity), result)
  result = select(x .== splat(.infinity), x, result)
  // The comparison is false for not a number as well.
  return select(x .>= splat(0), result, splat(.nan))
}

/// `log(1 + x)` for x in [0, 1] within 4 units in the last place: the logarithm of the rounded sum, and what the rounding
/// lost (after W. Kahan).
@_transparent func logarithmOfOnePlus(_ x: Vector) -> Vector {
  let sum = splat(1) + x
  return logarithm(sum) + (x - (sum - splat(1))) / sum
}

/// `log(1 + e^x)`.
@_transparent func softplus(_ x: Vector) -> Vector {
  rectified(x) + logarithmOfOnePlus(exponential(splat(0) - magnitude(x)))
}

/// The error function within 2 units in the last place: two polynomials by N. Juffa, in x² below 475/512, and in the
/// exponent of 1 - e^p above.
@_transparent func errorFunction(_ x: Vector) -> Vector {
  let t = magnitude(x)
  let s = x * x
  var far = fma(splat(-1.728_534_7e-5), t, splat(3.831_971_26e-4))
  far = fma(far, s, fma(splat(-3.883_964_38e-3), t, splat(2.425_462_19e-2)))
  far = fma(far, t, splat(-1.067_778_77e-1))
  far = fma(far, t, splat(-6.348_466_87e-1))
  far = fma(far, t, splat(-1.287_175_12e-1))
  far = fma(far, t, splat(0) - t)
  // From 4 on the result is one, and further on the polynomial would turn round.
  far = select(t .> splat(4), splat(1), splat(1) - exponential(far))
  var near = splat(-5.967_617_03e-4)
  near = fma(near, s, splat(4.991_194_23e-3))
  near = fma(near, s, splat(-2.676_813_49e-2))
  near = fma(near, s, splat(1.128_199_25e-1))
  near = fma(near, s, splat(-3.761_253_36e-1))
  near = fma(near, s, splat(1.283_791_66e-1))
  near = fma(near, x, x)
  return select(t .> splat(0.927_734_375), copySign(far, x), near)
}

/// `x Φ(x)`, with the normal distribution Φ through the error function.
@_transparent func gelu(_ x: Vector) -> Vector {
  let half = splat(0.5) * x
  return fma(half, errorFunction(x * splat(0.707_106_77)), half)
}

/// `dy` times the derivative of `gelu`, `Φ(x) + x φ(x)`.
@_transparent func geluGradient(_ dy: Vector, _ x: Vector) -> Vector {
  let distribution = fma(splat(0.5), errorFunction(x * splat(0.707_106_77)), splat(0.5))
  return dy * fma(x, exponential(splat(-0.5) * x * x) * splat(0.398_942_28), distribution)
}

/// `½ (1 + tanh(√(2/π) (x + 0.044715 x³)))`, which is a sigmoid of twice the argument: that loses no digits in the tails.
@_transparent func geluGate(_ x: Vector) -> Vector {
  sigmoid(splat(1.595_769_1) * fma(splat(0.044_715) * x * x, x, x))
}

/// The tanh form of GELU.
@_transparent func geluTanh(_ x: Vector) -> Vector { x * geluGate(x) }

/// `dy` times the derivative of `geluTanh`.
@_transparent func geluTanhGradient(_ dy: Vector, _ x: Vector) -> Vector {
  let gate = geluGate(x)
  let inner = splat(1.595_769_1) * fma(splat(0.134_145) * x, x, splat(1))
  return dy * gate * fma(x * (splat(1) - gate), inner, splat(1))
}

/// `x sigmoid(x)`.
@_transparent func silu(_ x: Vector) -> Vector { x * sigmoid(x) }

/// `dy` times the derivative of `silu`.
@_transparent func siluGradient(_ dy: Vector, _ x: Vector) -> Vector {
  let s = sigmoid(x)
  return dy * s * fma(x, splat(1) - s, splat(1))
}

/// `dy` times the derivative of `softplus`.
@_transparent func softplusGradient(_ dy: Vector, _ x: Vector) -> Vector { dy * sigmoid(x) }

/// The binary cross-entropy of the logit `x` with the target `t`.
@_transparent func binaryCrossEntropyWithLogits(_ x: Vector, _ t: Vector) -> Vector {
  rectified(x) - x * t + logarithmOfOnePlus(exponential(splat(0) - magnitude(x)))
}
