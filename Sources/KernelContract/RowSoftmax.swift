/// Softmax and its relatives along the columns of rows: `columns` numbers in each, `rowStride` floats apart.
///
/// Operands: x and the result; the gradients take dy, y and the result dx. Results may share memory with any operand of their
/// layout. Every tensor has the same row stride, whole vectors or exactly the columns.
package struct RowSoftmax: KernelParameters {
  package enum Function: UInt8, Sendable, Hashable {
    /// `e^x / Σ e^x`.
    case softmax
    /// `x - log Σ e^x`.
    case logSoftmax
    /// `y * (dy - Σ dy * y)`.
    case softmaxGradient
    /// `dy - e^y * Σ dy`.
    case logSoftmaxGradient
  }

  package let function: Function
  package let rows: Int
  package let columns: Int
  package let rowStride: Int

  package init(_ function: Function, rows: Int, columns: Int, rowStride: Int) {
    self.function = function
    self.rows = rows
    self.columns = columns
    self.rowStride = rowStride
  }

  package static let name = "row_softmax"
  package func kernel(in table: KernelTable) -> Kernel { table.rowSoftmax }
  /// Rows of one item.
  package var itemRows: Int { max(1, 4096 / max(1, rowStride)) }
  package var items: Int { (rows + itemRows - 1) / itemRows }
  package var scratchBytes: Int { 0 }
  package var flops: Double { 20 * Double(rows) * Double(columns) }
}

/// Softmax along an axis that is not the last: `outer` blocks of `extent` runs of `inner` floats each. Operands as for
/// `RowSoftmax`. Softmax and its gradient only.
package struct AxisSoftmax: KernelParameters {
  package let isGradient: Bool
  package let outer: Int
  package let extent: Int
  package let inner: Int

  package init(isGradient: Bool, outer: Int, extent: Int, inner: Int) {
    self.isGradient = isGradient
    self.outer = outer
    self.extent = extent
    self.inner = inner
  }

  package static let name = "axis_softmax"
  package func kernel(in table: KernelTable) -> Kernel { table.axisSoftmax }
  package var vectors: Int { (inner + 15) / 16 }
  package var items: Int { outer * vectors }
  package var scratchBytes: Int { 0 }
  package var flops: Double { 20 * Double(outer) * Double(extent) * Double(inner) }
}
