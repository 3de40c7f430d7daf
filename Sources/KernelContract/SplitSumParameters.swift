/// Adds the partial sums of a contraction that was split over its depth, in order, and applies the epilogue.
///
/// Operands: `partial` (`splits` matrices of `rows * rowStride` floats), `result`, then those of the epilogue. All have
/// the same row stride, a multiple of 16.
package struct SplitSumParameters: KernelParameters {
  package static let name = "split_sum"

  package let splits: Int
  package let rows: Int
  package let rowStride: Int
  package let epilogue: Epilogue

  package init(splits: Int, rows: Int, rowStride: Int, epilogue: Epilogue) {
    self.splits = splits
    self.rows = rows
    self.rowStride = rowStride
    self.epilogue = epilogue
  }

  package func kernel(in table: KernelTable) -> Kernel { table.splitSum }
  package var items: Int { rows }
  package var scratchBytes: Int { 0 }
  package var flops: Double { Double(splits) * Double(rows) * Double(rowStride) }
}
