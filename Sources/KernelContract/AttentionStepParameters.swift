/// One place of a causal attention over remembered keys and values; see the op `AttentionStep`. Strides are in floats (integers for the
/// origins), from a row to the next.
///
/// Operands: queries, keys, values, the place (Int32), the origins (Int32), the bias where there is one, the result. An item is a head
/// of a row.
package struct AttentionStepParameters: KernelParameters {
  package static let name = "attention_step"
  package let rows: Int
  package let heads: Int
  package let places: Int
  package let width: Int
  package let scale: Float
  package let queryStride: Int
  package let keyStride: Int
  package let valueStride: Int
  package let originStride: Int
  package let hasBias: Bool
  package let biasStride: Int
  package let resultStride: Int

  package init(
    rows: Int, heads: Int, places: Int, width: Int, scale: Double, queryStride: Int, keyStride: Int, valueStride: Int,
    originStride: Int, biasStride: Int?, resultStride: Int
  ) {
    self.rows = rows
    self.heads = heads
    self.places = places
    self.width = width
    self.scale = Float(scale)
    self.queryStride = queryStride
    self.keyStride = keyStride
    self.valueStride = valueStride
    self.originStride = originStride
    hasBias = biasStride != nil
    self.biasStride = biasStride ?? 0
    self.resultStride = resultStride
  }

  package func kernel(in table: KernelTable) -> Kernel { table.attentionStep }
  package var items: Int { rows * heads }
  /// A weight for each place, then the sums.
  package var weightFloats: Int { ceilingQuotient(places, 16) * 16 }
  package var scratchBytes: Int { 4 * (weightFloats + ceilingQuotient(width, 16) * 16) }
  package var flops: Double { 4 * Double(rows) * Double(heads) * Double(places) * Double(width) }
}
