/// Biases by the distance of two places, and their gradient; see the ops `RelativeBias` and `RelativeBiasGradient`.
///
/// Operands: the table, rows of heads `tableStride` floats apart, and the biases, rows of keys `biasStride` apart; the gradient has the
/// biases first. An item is a head.
package struct RelativeBiasParameters: KernelParameters {
  package static let name = "relative_bias"
  package let buckets: RelativeBuckets
  package let heads: Int
  package let queries: Int
  package let keys: Int
  package let tableStride: Int
  package let biasStride: Int
  package let isGradient: Bool

  package init(
    _ buckets: RelativeBuckets, heads: Int, queries: Int, keys: Int, tableStride: Int, biasStride: Int,
    isGradient: Bool
  ) {
    self.buckets = buckets
    self.heads = heads
    self.queries = queries
    self.keys = keys
    self.tableStride = tableStride
    self.biasStride = biasStride
    self.isGradient = isGradient
  }

  package func kernel(in table: KernelTable) -> Kernel { table.relativeBias }
  package var items: Int { heads }
  /// One number for each distance.
  package var scratchBytes: Int { 4 * (queries + keys) }
  package var flops: Double { Double(heads) * Double(queries) * Double(keys) }
}
