// The one-dimensional Winograd transforms. With the points p of the algorithm (0, ±a, ±b, ∞ with a = 5/8, b = 3/2; or
// 0, ±1, ∞) and the polynomial with these zeros, in Toom-Cook's construction:
//   Bᵀ  row of p: the coefficients of the polynomial divided by (x - p); of ∞: of the polynomial itself
//   G   row of p: 1, p, p² ..., divided by that quotient's value at p; of ∞: 0 ... 0, 1
//   Aᵀ  column of p: 1, p, p² ...; of ∞: 0 ... 0, 1
// Rows of ±p share their even and odd parts.

/// A row of vectors: one per pixel of a tile, or per point.
typealias Row<let count: Int> = InlineArray<count, Vector>

/// A linear map of rows; a type, because a closure of it would not be inlined.
protocol RowTransform {
  static func apply<let k: Int, let n: Int>(_ row: Row<k>) -> Row<n>
}

/// `Bᵀ d`: a row of the inputs of a tile at the points.
enum InputTransform: RowTransform {
  @inline(__always)
  static func apply<let k: Int, let n: Int>(_ d: Row<k>) -> Row<n> {
    var t = Row<n>(repeating: .zero)
    if n == 6 {
      let (a, b) = (Vector(repeating: 0.625), Vector(repeating: 1.5))
      let (a2, b2) = (Vector(repeating: 0.390_625), Vector(repeating: 2.25))
      let (product, sum) = (Vector(repeating: 0.878_906_25), Vector(repeating: 2.640_625))
      t[0] = fma(product, d[0], negatedFMA(sum, d[2], d[4]))
      let even1 = negatedFMA(b2, d[2], d[4])
      let odd1 = negatedFMA(b2, d[1], d[3])
      t[1] = fma(a, odd1, even1)
      t[2] = negatedFMA(a, odd1, even1)
      let even2 = negatedFMA(a2, d[2], d[4])
      let odd2 = negatedFMA(a2, d[1], d[3])
      t[3] = fma(b, odd2, even2)
      t[4] = negatedFMA(b, odd2, even2)
      t[5] = fma(product, d[1], negatedFMA(sum, d[3], d[5]))
    } else {
      t[0] = d[2] - d[0]
      t[1] = d[2] + d[1]
      t[2] = d[2] - d[1]
      t[3] = d[3] - d[1]
    }
    return t
  }
}

/// `G g`: a row of `k` taps at `n` points.
enum FilterTransform: RowTransform {
  @inline(__always)
  static func apply<let k: Int, let n: Int>(_ g: Row<k>) -> Row<n> {
    var t = Row<n>(repeating: .zero)
    if n == 6 {
      // 1 / (a²b²), 1 / (2a²(a² - b²)), 1 / (2b²(b² - a²)), and these times the powers of a and of b.
      t[0] = g[0] * Vector(repeating: 1 / 0.878_906_25)
      let a = pair(g, 0.625, scale: 1 / (2 * 0.390_625 * (0.390_625 - 2.25)))
      let b = pair(g, 1.5, scale: 1 / (2 * 2.25 * (2.25 - 0.390_625)))
      t[1] = a.even + a.odd
      t[2] = a.even - a.odd
      t[3] = b.even + b.odd
      t[4] = b.even - b.odd
    } else {
      t[0] = Vector.zero - g[0]
      let one = pair(g, 1, scale: 0.5)
      t[1] = one.even + one.odd
      t[2] = one.even - one.odd
    }
    t[n - 1] = g[k - 1]
    return t
  }
}

/// The even and the odd terms of the polynomial with coefficients `g`, times `scale`, at `p`.
@inline(__always)
private func pair<let k: Int>(_ g: Row<k>, _ p: Double, scale: Double) -> (even: Vector, odd: Vector) {
  var even = g[0] * Vector(repeating: Float(scale))
  var odd = g[1] * Vector(repeating: Float(scale * p))
  if k > 2 { even = fma(Vector(repeating: Float(scale * p * p)), g[2], even) }
  if k > 3 { odd = fma(Vector(repeating: Float(scale * p * p * p)), g[3], odd) }
  if k > 4 { even = fma(Vector(repeating: Float(scale * p * p * p * p)), g[4], even) }
  return (even, odd)
}

/// `Aᵀ s`: a row of `m` outputs from the sums at `n` points.
enum OutputTransform: RowTransform {
  @inline(__always)
  static func apply<let n: Int, let m: Int>(_ s: Row<n>) -> Row<m> {
    var t = Row<m>(repeating: .zero)
    let (evenA, oddA) = (s[1] + s[2], s[1] - s[2])
    if n == 6 {
      let (evenB, oddB) = (s[3] + s[4], s[3] - s[4])
      t[0] = s[0] + evenA + evenB
      t[1] = fma(Vector(repeating: 0.625), oddA, oddB * Vector(repeating: 1.5))
      if m > 2 { t[2] = fma(Vector(repeating: 0.390_625), evenA, evenB * Vector(repeating: 2.25)) }
      if m > 3 { t[3] = fma(Vector(repeating: 0.244_140_625), oddA, oddB * Vector(repeating: 3.375)) }
      if m > 4 { t[4] = fma(Vector(repeating: 0.152_587_890_625), evenA, evenB * Vector(repeating: 5.0625)) }
    } else {
      t[0] = s[0] + evenA
      t[1] = oddA
      if m > 2 { t[2] = evenA }
    }
    t[m - 1] += s[n - 1]
    return t
  }
}

/// `c - a * b`, rounded once.
@inline(__always) private func negatedFMA(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
  c.addingProduct(Vector.zero - a, b)
}

/// Transforms a square of `k * k` vectors to one of `n * n`: its columns, then the rows of the result.
@inline(__always)
func transformSquare<T: RowTransform, let k: Int, let n: Int>(
  _ transform: T.Type, _ source: Row<k>.Type, _ result: Row<n>.Type, temporary: UnsafeMutablePointer<Float>,
  from: (_ row: Int, _ column: Int) -> Vector, to: (_ row: Int, _ column: Int, Vector) -> Void
) {
  for column in 0..<k {
    var pixels = Row<k>(repeating: .zero)
    for row in 0..<k { pixels[row] = from(row, column) }
    let result: Row<n> = T.apply(pixels)
    for row in 0..<n { temporary.store(result[row], at: (row * k + column) * lanes) }
  }
  for row in 0..<n {
    var pixels = Row<k>(repeating: .zero)
    for column in 0..<k { pixels[column] = temporary.vector(at: (row * k + column) * lanes) }
    let result: Row<n> = T.apply(pixels)
    for column in 0..<n { to(row, column, result[column]) }
  }
}
