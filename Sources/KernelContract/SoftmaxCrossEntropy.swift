/// Where the class of each row of logits is found, and which rows count.
package struct ClassLabels: Sendable, Hashable {
  /// Row r has label `(r / width) * stride + r % width`: the labels' own last axis may be padded.
  package let width: Int
  package let stride: Int
  /// Rows with this label count for nothing.
  package let ignored: Int32
  package let hasIgnored: Bool

  package init(width: Int, stride: Int, ignored: Int? = nil) {
    self.width = max(1, width)
    self.stride = stride
    self.ignored = ignored.flatMap(Int32.init(exactly:)) ?? 0
    hasIgnored = ignored.flatMap(Int32.init(exactly:)) != nil
  }

  /// Labels that lie one behind the other.
  package init(count: Int, ignored: Int? = nil) { self.init(width: count, stride: count, ignored: ignored) }
}

/// The cross-entropy of softmax(logits) with the labels, as `torch.nn.CrossEntropyLoss`: the loss of each row.
///
/// Operands: logits, labels (Int32), the weights of the classes if they have any, the losses of all rows (workspace). A label
/// that is no class gives a loss that is not a number. See `sequence` for the mean.
package struct SoftmaxCrossEntropyRows: KernelParameters {
  package let rows: Int
  package let classes: Int
  package let rowStride: Int
  package let labels: ClassLabels
  /// The part of the target that is spread evenly over the classes.
  package let smoothing: Float
  package let hasWeights: Bool

  /// The calls for the mean loss (or the sum) of logits and labels, and of weights as operand 2; 0 if no row counts. With
  /// weights a row counts as much as its class.
  package static func sequence(
    rows: Int, classes: Int, rowStride: Int, labels: ClassLabels, smoothing: Double = 0, isMean: Bool = true,
    hasWeights: Bool = false
  ) -> KernelSequence {
    let losses = Self(
      rows: rows, classes: classes, rowStride: rowStride, labels: labels, smoothing: Float(smoothing),
      hasWeights: hasWeights)
    let workspace = CallOperand.workspace(byteOffset: 0)
    let given: [CallOperand] = hasWeights ? [.operand(1), .operand(2)] : [.operand(1)]
    return KernelSequence(
      [
        KernelCall(losses, operands: [.operand(0)] + given + [workspace]),
        KernelCall(
          CountedTotal(rows: rows, labels: labels, isMean: isMean, isCountOnly: false, hasWeights: hasWeights),
          operands: [workspace] + given + [.result]),
      ], workspaceBytes: (rows + 15) / 16 * 64)
  }

  package static let name = "softmax_cross_entropy_rows"
  package func kernel(in table: KernelTable) -> Kernel { table.softmaxCrossEntropyRows }
  package var itemRows: Int { max(1, 4096 / max(1, rowStride)) }
  package var items: Int { (rows + itemRows - 1) / itemRows }
  package var scratchBytes: Int { 0 }
  package var flops: Double { 20 * Double(rows) * Double(classes) }
}

/// Adds the losses of the rows that count, in order and in double precision. Operands: losses, labels, the weights of the
/// classes if they have any, the result.
package struct CountedTotal: KernelParameters {
  package let rows: Int
  package let labels: ClassLabels
  /// Divide by the number of rows that count.
  package let isMean: Bool
  /// The result is the number of rows that count; losses are not read.
  package let isCountOnly: Bool
  package let hasWeights: Bool
  /// So many rows count together, as one where any of them counts. More than 1 only where rows are counted without weights.
  package let group: Int

  package init(
    rows: Int, labels: ClassLabels, isMean: Bool, isCountOnly: Bool, hasWeights: Bool = false, group: Int = 1
  ) {
    self.hasWeights = hasWeights
    self.group = max(1, group)
    self.rows = rows
    self.labels = labels
    self.isMean = isMean
    self.isCountOnly = isCountOnly
  }

  package static let name = "counted_total"
  package func kernel(in table: KernelTable) -> Kernel { table.countedTotal }
  package var items: Int { 1 }
  package var scratchBytes: Int { 0 }
  package var flops: Double { Double(rows) }
}

/// The gradient of `SoftmaxCrossEntropyRows.sequence` for the logits: `scale * (softmax - target)`, 0 in rows that do not
/// count, where scale is the upstream gradient over the number of rows that count.
///
/// Operands: the upstream gradient (one float), logits, labels, the weights of the classes if they have any, the number of rows
/// that count (one float), the result.
package struct SoftmaxCrossEntropyGradient: KernelParameters {
  package let rows: Int
  package let classes: Int
  package let rowStride: Int
  package let labels: ClassLabels
  package let smoothing: Float
  /// Divide by the operand that counts; else that operand is not read.
  package let isMean: Bool
  package let hasWeights: Bool

  /// The calls for upstream gradient, logits and labels as operands 0, 1, 2, and weights as operand 3.
  package static func sequence(
    rows: Int, classes: Int, rowStride: Int, labels: ClassLabels, smoothing: Double = 0, isMean: Bool = true,
    hasWeights: Bool = false
  ) -> KernelSequence {
    let workspace = CallOperand.workspace(byteOffset: 0)
    let gradient = Self(
      rows: rows, classes: classes, rowStride: rowStride, labels: labels, smoothing: Float(smoothing), isMean: isMean,
      hasWeights: hasWeights)
    let count = CountedTotal(rows: rows, labels: labels, isMean: false, isCountOnly: true, hasWeights: hasWeights)
    let given: [CallOperand] = hasWeights ? [.operand(2), .operand(3)] : [.operand(2)]
    return KernelSequence(
      [
        KernelCall(count, operands: [.operand(2)] + given + [workspace]),
        KernelCall(gradient, operands: [.operand(0), .operand(1)] + given + [workspace, .result]),
      ], workspaceBytes: 64)
  }

  package static let name = "softmax_cross_entropy_gradient"
  package func kernel(in table: KernelTable) -> Kernel { table.softmaxCrossEntropyGradient }
  package var itemRows: Int { max(1, 4096 / max(1, rowStride)) }
  package var items: Int { (rows + itemRows - 1) / itemRows }
  package var scratchBytes: Int { 0 }
  package var flops: Double { 20 * Double(rows) * Double(classes) }
}
