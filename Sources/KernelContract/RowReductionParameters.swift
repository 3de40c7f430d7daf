/// Reduces rows to one number for each chunk of rows, to be added in order by `PartialSumParameters`.
///
/// Operands: `x` (rows of `columns` numbers, `stride` apart), for the counts `target` (one per row: Int32 for `correct`
/// and `among`, 0 or 1 as Float for `binaryCorrect`), and the partial sums, one Double per item.
package struct RowReductionParameters: KernelParameters {
  package static let name = "row_reduction"

  package enum Kind: UInt8, Sendable, Hashable {
    /// The sum of all numbers, or of their squares.
    case sum, sumOfSquares
    /// How many rows have their first largest number at the target.
    case correct
    /// How many rows have fewer than `largest` numbers before the one at the target, the greatest first.
    case among
    /// How many rows, of one number each, are above zero where the target is 1 and not where it is 0.
    case binaryCorrect

    /// Whether there is no target.
    package var isSum: Bool {
      switch self {
      case .sum, .sumOfSquares: true
      case .correct, .among, .binaryCorrect: false
      }
    }
  }

  package let kind: Kind
  package let rows: Int
  package let columns: Int
  package let stride: Int
  /// Rows of one item.
  package let rowBlock: Int
  /// For `among` only.
  package let largest: Int
  /// Rows with this target are not counted by `correct` and `among`; -1, which no target is, for none.
  package let ignored: Int
  /// For `correct` and `among`: so many rows count together, as one if all of them are right or ignored and not all ignored, else as none.
  package let group: Int

  package init(
    _ kind: Kind, rows: Int, columns: Int, stride: Int, largest: Int = 1, ignored: Int? = nil, group: Int = 1
  ) {
    self.kind = kind
    self.group = max(1, group)
    self.largest = largest
    self.ignored = ignored ?? -1
    // Without gaps the rows are one, cut as suits the work.
    let joins = kind.isSum && columns == stride && rows > 1
    self.rows = joins ? ceilingQuotient(rows * columns, 16384) : rows
    self.columns = joins ? 16384 : columns
    self.stride = joins ? 16384 : stride
    count = rows * columns
    rowBlock = joins ? 1 : max(1, 16384 / max(1, columns) / max(1, group)) * max(1, group)
  }

  /// Numbers in all: the last row may be short where rows were joined.
  package let count: Int

  package func kernel(in table: KernelTable) -> Kernel { table.rowReduction }
  package var items: Int { ceilingQuotient(rows, rowBlock) }
  package var scratchBytes: Int { 0 }
  package var flops: Double { Double(count) }

  /// The calls for `operand(0)`, with `operand(1)` as target for the counts, to the result times `scale`.
  package func calls(scale: Double) -> KernelSequence {
    let operands: [CallOperand] = kind.isSum ? [.operand(0)] : [.operand(0), .operand(1)]
    return KernelSequence(
      [
        KernelCall(self, operands: operands + [.workspace(byteOffset: 0)]),
        KernelCall(
          PartialSumParameters(count: items, scale: scale), operands: [.workspace(byteOffset: 0), .result]),
      ], workspaceBytes: items * 8)
  }
}

/// Adds partial sums in order. Operands: `partials` (`count` Doubles), `result` (one Float, the sum times `scale`).
package struct PartialSumParameters: KernelParameters {
  package static let name = "partial_sum"
  package let count: Int
  package let scale: Double

  package init(count: Int, scale: Double) {
    self.count = count
    self.scale = scale
  }

  package func kernel(in table: KernelTable) -> Kernel { table.partialSum }
  package var items: Int { 1 }
  package var scratchBytes: Int { 0 }
  package var flops: Double { Double(count) }
}

/// Sums over some axes of a tensor in any arrangement: for each position of the `kept` loops the sum over all positions of
/// the `summed` loops, in order, times `scale`. Operands: `source`, `result`.
package struct StridedSumParameters: KernelParameters {
  package static let name = "strided_sum"
  package static let maximumLoops = 4

  /// Strides in floats; `result` is unused in summed loops.
  package let kept: InlineArray<4, StridedCopyParameters.Loop>
  package let summed: InlineArray<4, StridedCopyParameters.Loop>
  package let scale: Double

  /// Nil with more loops than the kernel has.
  package init?(kept: [StridedCopyParameters.Loop], summed: [StridedCopyParameters.Loop], scale: Double = 1) {
    let one = StridedCopyParameters.Loop(extent: 1, source: 0, result: 0)
    let keptLoops = kept.filter { $0.extent != 1 }
    let summedLoops = summed.filter { $0.extent != 1 }
    guard keptLoops.count <= Self.maximumLoops, summedLoops.count <= Self.maximumLoops else { return nil }
    let keptAll = [StridedCopyParameters.Loop](repeating: one, count: Self.maximumLoops - keptLoops.count) + keptLoops
    let summedAll =
      [StridedCopyParameters.Loop](repeating: one, count: Self.maximumLoops - summedLoops.count) + summedLoops
    self.kept = InlineArray { keptAll[$0] }
    self.summed = InlineArray { summedAll[$0] }
    self.scale = scale
    items = keptAll.reduce(1) { $0 * $1.extent }
    terms = summedAll.reduce(1) { $0 * $1.extent }
  }

  package let items: Int
  /// Numbers in each sum.
  package let terms: Int

  package func kernel(in table: KernelTable) -> Kernel { table.stridedSum }
  package var scratchBytes: Int { 0 }
  package var flops: Double { Double(items * terms) }
}
