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
@inline(__always)
private func transposeSquare(
  _ source: UnsafePointer<Float>, rowStride: Int, to result: UnsafeMutablePointer<Float>, resultStride: Int
) {
  var v = InlineArray<16, Vector>(repeating: .zero)
  for i in 0..<16 { v[i] = source.vector(at: i * rowStride) }
  for _ in 0..<4 {
    var w = InlineArray<16, Vector>(repeating: .zero)
    for i in 0..<8 {
      w[2 * i].evenHalf = v[i].lowHalf
      w[2 * i].oddHalf = v[i + 8].lowHalf
      w[2 * i + 1].evenHalf = v[i].highHalf
      w[2 * i + 1].oddHalf = v[i + 8].highHalf
    }
    v = w
  }
  for i in 0..<16 { result.store(v[i], at: i * resultStride) }
}
