/// Rows of whole numbers, each moved one place to the right, with `start` in the first place.
///
/// Operands: `x`, `result` (Int32), which lie alike and are not the same memory. An item is a row.
package struct ShiftRightParameters: KernelParameters {
  package static let name = "shift_right"
  package let rows: Int
  package let columns: Int
  package let rowStride: Int
  package let start: Int32

  package init(rows: Int, columns: Int, rowStride: Int, start: Int32) {
    self.rows = rows
    self.columns = columns
    self.rowStride = rowStride
    self.start = start
  }

  package func kernel(in table: KernelTable) -> Kernel { table.shiftRight }
  package var items: Int { rows }
  package var scratchBytes: Int { 0 }
  package var flops: Double { 0 }
}
