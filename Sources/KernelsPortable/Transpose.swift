/// Transposes a block of at most 16 × 16 floats: `result[j, i] = source[i, j]` for `i` in `rows` and `j` in `columns`.
/// Result rows are whole vectors, zero from `rows` on. Source rows are read within `columns`.
func transposeBlock(
  _ source: UnsafePointer<Float>, rowStride: Int, rows: Int, columns: Int, to result: UnsafeMutablePointer<Float>,
  resultStride: Int
) {
  if rows == lanes && columns == lanes {
    transposeSquare(source, rowStride: rowStride, to: result, resultStride: resultStride)
    return
  }
  for j in 0..<columns {
    for i in 0..<rows { result[j * resultStride + i] = source[i * rowStride + j] }
    for i in rows..<lanes { result[j * resultStride + i] = 0 }
  }
}

/// Transposes 16 × 16 floats by four rounds of interleaving vectors half the block apart.
///
/// The vectors are variables, because an array of 16 would be filled by a function of the standard library's that the
/// linker may share between instruction sets.
@inline(__always)
private func transposeSquare(
  _ source: UnsafePointer<Float>, rowStride: Int, to result: UnsafeMutablePointer<Float>, resultStride: Int
) {
  let a0 = source.vector(at: 0)
  let a1 = source.vector(at: 1 * rowStride)
  let a2 = source.vector(at: 2 * rowStride)
  let a3 = source.vector(at: 3 * rowStride)
  let a4 = source.vector(at: 4 * rowStride)
  let a5 = source.vector(at: 5 * rowStride)
  let a6 = source.vector(at: 6 * rowStride)
  let a7 = source.vector(at: 7 * rowStride)
  let a8 = source.vector(at: 8 * rowStride)
  let a9 = source.vector(at: 9 * rowStride)
  let a10 = source.vector(at: 10 * rowStride)
  let a11 = source.vector(at: 11 * rowStride)
  let a12 = source.vector(at: 12 * rowStride)
  let a13 = source.vector(at: 13 * rowStride)
  let a14 = source.vector(at: 14 * rowStride)
  let a15 = source.vector(at: 15 * rowStride)
  let (b0, b1) = interleaved(a0, a8)
  let (b2, b3) = interleaved(a1, a9)
  let (b4, b5) = interleaved(a2, a10)
  let (b6, b7) = interleaved(a3, a11)
  let (b8, b9) = interleaved(a4, a12)
  let (b10, b11) = interleaved(a5, a13)
  let (b12, b13) = interleaved(a6, a14)
  let (b14, b15) = interleaved(a7, a15)
  let (c0, c1) = interleaved(b0, b8)
  let (c2, c3) = interleaved(b1, b9)
  let (c4, c5) = interleaved(b2, b10)
  let (c6, c7) = interleaved(b3, b11)
  let (c8, c9) = interleaved(b4, b12)
  let (c10, c11) = interleaved(b5, b13)
  let (c12, c13) = interleaved(b6, b14)
  let (c14, c15) = interleaved(b7, b15)
  let (d0, d1) = interleaved(c0, c8)
  let (d2, d3) = interleaved(c1, c9)
  let (d4, d5) = interleaved(c2, c10)
  let (d6, d7) = interleaved(c3, c11)
  let (d8, d9) = interleaved(c4, c12)
  let (d10, d11) = interleaved(c5, c13)
  let (d12, d13) = interleaved(c6, c14)
  let (d14, d15) = interleaved(c7, c15)
  let (e0, e1) = interleaved(d0, d8)
  let (e2, e3) = interleaved(d1, d9)
  let (e4, e5) = interleaved(d2, d10)
  let (e6, e7) = interleaved(d3, d11)
  let (e8, e9) = interleaved(d4, d12)
  let (e10, e11) = interleaved(d5, d13)
  let (e12, e13) = interleaved(d6, d14)
  let (e14, e15) = interleaved(d7, d15)
  result.store(e0, at: 0)
  result.store(e1, at: 1 * resultStride)
  result.store(e2, at: 2 * resultStride)
  result.store(e3, at: 3 * resultStride)
  result.store(e4, at: 4 * resultStride)
  result.store(e5, at: 5 * resultStride)
  result.store(e6, at: 6 * resultStride)
  result.store(e7, at: 7 * resultStride)
  result.store(e8, at: 8 * resultStride)
  result.store(e9, at: 9 * resultStride)
  result.store(e10, at: 10 * resultStride)
  result.store(e11, at: 11 * resultStride)
  result.store(e12, at: 12 * resultStride)
  result.store(e13, at: 13 * resultStride)
  result.store(e14, at: 14 * resultStride)
  result.store(e15, at: 15 * resultStride)
}

/// The lanes of two vectors, alternating: first those of the lower halves, then those of the upper.
@inline(__always)
private func interleaved(_ a: Vector, _ b: Vector) -> (Vector, Vector) {
  var low = a
  low.evenHalf = a.lowHalf
  low.oddHalf = b.lowHalf
  var high = a
  high.evenHalf = a.highHalf
  high.oddHalf = b.highHalf
  return (low, high)
}
