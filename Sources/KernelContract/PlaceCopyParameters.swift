/// One place of sequences out of them, or into them: rows of `columns` floats, `sequenceStride` apart in the sequences of `places`, and
/// `oneStride` apart where there is one for each sequence.
///
/// Operands: the sequences, the single rows, the place (Int32); a place beyond the ends is the nearest one. An item is a sequence.
package struct PlaceCopyParameters: KernelParameters {
  package static let name = "place_copy"
  package let rows: Int
  package let places: Int
  package let columns: Int
  package let sequenceStride: Int
  package let oneStride: Int
  /// Whether the single rows go into the sequences.
  package let isWrite: Bool

  package init(rows: Int, places: Int, columns: Int, sequenceStride: Int, oneStride: Int, isWrite: Bool) {
    self.rows = rows
    self.places = places
    self.columns = columns
    self.sequenceStride = sequenceStride
    self.oneStride = oneStride
    self.isWrite = isWrite
  }

  package func kernel(in table: KernelTable) -> Kernel { table.placeCopy }
  package var items: Int { rows }
  package var scratchBytes: Int { 0 }
  package var flops: Double { 0 }
}
