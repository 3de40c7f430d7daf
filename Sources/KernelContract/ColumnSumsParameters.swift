/// The sums of a matrix's columns: the gradient of a bias. Lanes beyond the last column become zero.
///
/// The rows are cut into `splits` parts that are summed separately, then in order, whatever the number of workers.
/// With one split the sums themselves are stored or applied as an update; operands: `matrix`, then those of
/// `OptimizerUpdate`. With more (see `calls`), `matrix` and `partial`, which holds `splits` rows of padded sums.
package struct ColumnSumsParameters: KernelParameters {
  package static let name = "column_sums"

  package let rows: Int
  package let columns: Int
  package let rowStride: Int
  package let splits: Int
  package let update: OptimizerUpdate

  private init(rows: Int, columns: Int, rowStride: Int, splits: Int, update: OptimizerUpdate) {
    self.rows = rows
    self.columns = columns
    self.rowStride = rowStride
    self.splits = splits
    self.update = update
  }

  /// The calls that sum `matrix` and give the sums to `destination`, the operands of the update.
  ///
  /// The matrix's rows start `rowStride` floats apart; whole vectors of each row are readable.
  package static func calls(
    rows: Int, columns: Int, rowStride: Int, update: OptimizerUpdate, matrix: CallOperand, destination: [CallOperand]
  ) -> KernelSequence {
    let padded = ceilingQuotient(columns, 16) * 16
    let splits = rows * padded < 32_768 ? 1 : min(16, ceilingQuotient(rows, 64))
    let one = Self(
      rows: rows, columns: columns, rowStride: rowStride, splits: splits, update: splits == 1 ? update : .none)
    if splits == 1 { return KernelSequence([KernelCall(one, operands: [matrix] + destination)]) }
    let partial = CallOperand.workspace(byteOffset: 0)
    return KernelSequence(
      [
        KernelCall(one, operands: [matrix, partial]),
        KernelCall(
          OptimizerUpdateParameters(count: padded, splits: splits, update: update), operands: [partial] + destination),
      ], workspaceBytes: 4 * splits * padded)
  }

  package func kernel(in table: KernelTable) -> Kernel { table.columnSums }
  package var items: Int { splits }
  package var scratchBytes: Int { 4 * (ceilingQuotient(columns, 16) * 16) }
  package var flops: Double { Double(rows) * Double(columns) }
}
