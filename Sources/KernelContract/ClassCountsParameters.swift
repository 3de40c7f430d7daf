/// Counts, over rows of logits, what was predicted and what was true. A row predicts the class of its first greatest logit; rows
/// of one logit predict one thing, or not, as the logit is above zero or not.
///
/// Operands: logits, labels (Int32 classes, or for one logit a float that is 1 or 0), and the counts as floats, in rows of
/// `resultStride`: of `hits`, for each class how often it was predicted rightly, how often it was predicted, how often it was
/// true; of `pairs`, for each true class how often each class was predicted.
package struct ClassCountsParameters: KernelParameters {
  package static let name = "class_counts"

  package enum Kind: UInt8, Sendable, Hashable {
    case hits, pairs
  }

  package let kind: Kind
  package let rows: Int
  /// 1 for rows of one logit: `hits` then counts one class, `pairs` two, of which the second is the true one.
  package let classes: Int
  package let rowStride: Int
  package let labels: ClassLabels
  package let resultStride: Int

  package init(_ kind: Kind, rows: Int, classes: Int, rowStride: Int, labels: ClassLabels, resultStride: Int) {
    self.kind = kind
    self.rows = rows
    self.classes = classes
    self.rowStride = rowStride
    self.labels = labels
    self.resultStride = resultStride
  }

  package func kernel(in table: KernelTable) -> Kernel { table.classCounts }
  package var items: Int { 1 }
  package var scratchBytes: Int { 0 }
  package var flops: Double { Double(rows) * Double(classes) }
}
