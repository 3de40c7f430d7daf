/// All that a loss and its metrics want of a block of rows of logits, in one go: losses, and the gradient in place of the logits.
///
/// Operands: the logits of the block, the labels of all rows, the upstream gradient (one float), the number of rows that count (one
/// float), then for all rows the losses, the losses without smoothing, and 1 where the greatest logit is at the label (of equal ones the
/// first), else 0. Rows that do not count have zeros. Upstream and number are read for the gradient alone, which is that of the mean.
package struct SoftmaxCrossEntropyBlock: KernelParameters {
  /// The number of the block's first row, and how many it has.
  package let first: Int
  package let rows: Int
  package let classes: Int
  package let rowStride: Int
  package let labels: ClassLabels
  /// The part of the target that is spread evenly over the classes.
  package let smoothing: Float
  /// Whether the gradient overwrites the logits.
  package let hasGradient: Bool

  package init(
    first: Int, rows: Int, classes: Int, rowStride: Int, labels: ClassLabels, smoothing: Double, hasGradient: Bool
  ) {
    self.first = first
    self.rows = rows
    self.classes = classes
    self.rowStride = rowStride
    self.labels = labels
    self.smoothing = Float(smoothing)
    self.hasGradient = hasGradient
  }

  package static let name = "softmax_cross_entropy_block"
  package func kernel(in table: KernelTable) -> Kernel { table.softmaxCrossEntropyBlock }
  package var itemRows: Int { max(1, 4096 / max(1, rowStride)) }
  package var items: Int { (rows + itemRows - 1) / itemRows }
  package var scratchBytes: Int { 0 }
  package var flops: Double { 25 * Double(rows) * Double(classes) }
}
