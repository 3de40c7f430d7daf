/// The matrices of a one-dimensional convolution of `outputs` outputs and `taps` taps, constructed from its points:
/// `y = Aᵀ ((G g) * (Bᵀ d))`, with infinity as the last point.
struct ToomCook {
  /// `Aᵀ`: a row per output.
  var output: [[Double]] = []
  /// `G`: a row per point.
  var filter: [[Double]] = []
  /// `Bᵀ`: a row per point.
  var input: [[Double]] = []

  /// The finite points are distinct, one fewer than `outputs + taps - 1`.
  init(points: [Double], outputs: Int, taps: Int) {
    let n = points.count + 1
    precondition(n == outputs + taps - 1)
    // Interpolation: the quotient of the polynomial with all points as zeros by (x - p), which is zero at all others.
    for p in points {
      let others = Self.polynomial(zeros: points.filter { $0 != p })
      let scale = Self.value(others, at: p)
      input.append(others + [0])
      filter.append((0..<taps).map { Self.power(p, $0) / scale })
    }
    input.append(Self.polynomial(zeros: points))
    filter.append((0..<taps).map { $0 == taps - 1 ? 1 : 0 })
    for i in 0..<outputs { output.append(points.map { Self.power($0, i) } + [i == outputs - 1 ? 1 : 0]) }
  }

  /// The coefficients, lowest first, of the polynomial whose leading coefficient is 1.
  private static func polynomial(zeros: [Double]) -> [Double] {
    var result = [1.0]
    for zero in zeros {
      var next = [0.0] + result
      for i in result.indices { next[i] -= zero * result[i] }
      result = next
    }
    return result
  }

  private static func value(_ polynomial: [Double], at x: Double) -> Double {
    polynomial.reversed().reduce(0) { $0 * x + $1 }
  }

  private static func power(_ x: Double, _ n: Int) -> Double { (0..<n).reduce(1) { result, _ in result * x } }

  static func product(_ a: [[Double]], _ x: [Double]) -> [Double] {
    a.map { row in zip(row, x).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// The outputs for the inputs `d` and the taps `g`.
  func convolution(_ d: [Double], _ g: [Double]) -> [Double] {
    Self.product(output, zip(Self.product(filter, g), Self.product(input, d)).map { $0.0 * $0.1 })
  }
}
