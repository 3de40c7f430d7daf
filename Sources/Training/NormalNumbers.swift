// Normal numbers by position, four pairs at a time, by operations alone that every processor rounds exactly: the same bits on every
// machine, whatever its mathematical library, and in a fraction of the time.

extension CounterGenerator {
  /// The normal number at a position, with mean 0 and deviation 1 (Box and Muller 1958): two uniform ones give two.
  package func normal(_ position: UInt64) -> Double {
    let pairs = normalPairs(from: position & ~1)
    return position & 1 == 0 ? pairs.even[0] : pairs.odd[0]
  }

  /// Writes `deviation` times the normal numbers at consecutive positions from `first` on; with a bound of 1 or more what `truncated` gives.
  func writeNormals(
    from first: UInt64, to target: UnsafeMutableBufferPointer<Float>, deviation: Double, bound: Double = .infinity
  ) {
    guard let places = target.baseAddress else { return }
    // Pairs start at even positions; what is before the first number or after the last is left out.
    let begin = first & ~1
    let skipped = Int(first & 1)
    for group in stride(from: 0, to: target.count + skipped, by: 8) {
      let pairs = normalPairs(from: begin + UInt64(group))
      let (even, odd) = (SIMD4<Float>(deviation * pairs.even), SIMD4<Float>(deviation * pairs.odd))
      var numbers = SIMD8<Float>()
      numbers.evenHalf = even
      numbers.oddHalf = odd
      if bound < .infinity {
        for pair in 0..<4 {
          let position = begin + UInt64(group + 2 * pair)
          if abs(pairs.even[pair]) > bound { numbers[2 * pair] = Float(deviation * truncated(position, bound: bound)) }
          if abs(pairs.odd[pair]) > bound {
            numbers[2 * pair + 1] = Float(deviation * truncated(position + 1, bound: bound))
          }
        }
      }
      let place = group - skipped
      if place >= 0 && place + 8 <= target.count {
        UnsafeMutableRawPointer(places + place).storeBytes(of: numbers, as: SIMD8<Float>.self)
      } else {
        for lane in max(0, -place)..<min(8, target.count - place) {
          (places + (place + lane)).initialize(to: numbers[lane])
        }
      }
    }
  }

  /// The normal numbers at four even positions from `first` on, and at the ones after each.
  func normalPairs(from first: UInt64) -> (even: SIMD4<Double>, odd: SIMD4<Double>) {
    let positions = first &+ SIMD4<UInt64>(0, 2, 4, 6)
    let squared = -2 * logarithm(1 - unitPairs(positions))
    let radius = squared.squareRoot()
    let (cosine, sine) = turn(unitPairs(positions | 1))
    return (radius * cosine, radius * sine)
  }

  /// `unit` of four positions, mixed as `mix` does it.
  private func unitPairs(_ positions: SIMD4<UInt64>) -> SIMD4<Double> {
    var bits = key &+ (positions &+ 1) &* 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ (bits &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits &>> 27)) &* 0x94D0_49BB_1331_11EB
    bits = (bits ^ (bits &>> 31)) &>> 11
    // Whole numbers become fractions of 2^52 and 2^84, which are taken off again: exact, and without a conversion.
    let low = doubles((bits & 0xFFFF_FFFF) | 0x4330_0000_0000_0000) - 0x1p52
    let high = doubles((bits &>> 32) | 0x4530_0000_0000_0000) - 0x1p84
    return (high + low) * 0x1p-53
  }
}

/// The numbers that have these bits.
private func doubles(_ bits: SIMD4<UInt64>) -> SIMD4<Double> { unsafeBitCast(bits, to: SIMD4<Double>.self) }
private func bitPatterns(_ numbers: SIMD4<Double>) -> SIMD4<UInt64> { unsafeBitCast(numbers, to: SIMD4<UInt64>.self) }

/// The natural logarithm of normal positive numbers up to 1, within an ulp (method and constants of `e_log.c` of Sun's fdlibm): of
/// x = 2^k (1 + f), √½ ≤ 1 + f < √2, it is k ln 2 + log(1 + f), the latter a series in s = f / (2 + f).
private func logarithm(_ x: SIMD4<Double>) -> SIMD4<Double> {
  // The exponent of x / √½, and 1024.
  let root: UInt64 = 0x3FE6_A09E_667F_3BCD
  let shifted = bitPatterns(x) &- root &+ (1024 << 52)
  let exponent = (shifted &>> 52)
  let k = doubles(exponent | 0x4330_0000_0000_0000) - (0x1p52 + 1024)
  let f = doubles((shifted & 0x000F_FFFF_FFFF_FFFF) &+ root) - 1
  let s = f / (2 + f)
  let z = s * s
  let w = z * z
  let even = w * polynomial(w, [0.3999999999940942, 0.22222198432149784, 0.15313837699209373])
  let odd = z * polynomial(w, [0.6666666666666735, 0.2857142874366239, 0.1818357216161805, 0.14798198605116586])
  let half = 0.5 * f * f
  return k * 0.6931471803691238 - ((half - (s * (half + (even + odd)) + k * 1.9082149292705877e-10)) - f)
}

/// The cosine and the sine of `turns` full turns, 0 ≤ turns < 1, within an ulp (`k_cos.c` and `k_sin.c` of Sun's fdlibm, for angles up
/// to an eighth of a turn).
private func turn(_ turns: SIMD4<Double>) -> (cosine: SIMD4<Double>, sine: SIMD4<Double>) {
  // The number of the nearest quarter stands in the last bits of a number so large that it has no fraction.
  let shifted = 4 * turns + 0x1.8p52
  let quarter = bitPatterns(shifted)
  let angle = (4 * turns - (shifted - 0x1.8p52)) * (0.5 * Double.pi)
  let z = angle * angle
  let sineSeries = polynomial(
    z,
    [
      -0.16666666666666632, 0.00833333333332249, -0.0001984126982985795, 2.7557313707070068e-06,
      -2.5050760253406863e-08,
      1.58969099521155e-10,
    ])
  let sine = angle + angle * z * sineSeries
  let cosineSeries = polynomial(
    z,
    [
      0.0416666666666666, -0.001388888888887411, 2.480158728947673e-05, -2.7557314351390663e-07, 2.087572321298175e-09,
      -1.1359647557788195e-11,
    ])
  let half = 0.5 * z
  let rest = 1 - half
  let cosine = rest + ((1 - rest - half) + z * z * cosineSeries)
  // A quarter of a turn makes the sine of the cosine; half a turn changes both signs.
  let swaps = (quarter & 1) .!= 0
  let cosineSign = ((quarter &+ 1) & 2) &<< 62
  let sineSign = (quarter & 2) &<< 62
  return (
    doubles(bitPatterns(cosine.replacing(with: sine, where: swaps)) ^ cosineSign),
    doubles(bitPatterns(sine.replacing(with: cosine, where: swaps)) ^ sineSign)
  )
}

/// The sum of `coefficients[i]` times the i-th power of `x`.
@inline(__always)
private func polynomial<let count: Int>(_ x: SIMD4<Double>, _ coefficients: InlineArray<count, Double>) -> SIMD4<Double>
{
  var sum = SIMD4(repeating: coefficients[count - 1])
  for index in 2...count { sum = coefficients[count - index] + x * sum }
  return sum
}
