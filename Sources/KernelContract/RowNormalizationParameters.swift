/// Layer and RMS normalisation of rows, and their gradients; see the ops `RowNormalize…`.
///
/// Operands: forward `x`, `weight`, `bias` if centred, `result`; the gradient of the data `dy`, `x`, `weight`, `result`; that of the
/// weight `dy`, `x`, and `splits` rows of padded sums. Rows are whole vectors, `rowStride` floats apart; all matrices lie alike. The
/// gradient of the data may be written over dy or x.
package struct RowNormalizationParameters: KernelParameters {
  package static let name = "row_normalization"

  package enum Pass: UInt8, Sendable, Hashable, BitwiseCopyable { case forward, dataGradient, weightGradient }

  package let pass: Pass
  package let rows: Int
  package let columns: Int
  package let rowStride: Int
  package let isCentered: Bool
  package let epsilon: Float
  /// Rows of one item.
  package let block: Int

  package init(_ pass: Pass, rows: Int, columns: Int, rowStride: Int, isCentered: Bool, epsilon: Double) {
    self.pass = pass
    self.rows = rows
    self.columns = columns
    self.rowStride = rowStride
    self.isCentered = isCentered
    self.epsilon = Float(epsilon)
    block =
      pass == .weightGradient
      ? max(1, ceilingQuotient(rows, min(16, ceilingQuotient(rows, 32)))) : max(1, 8192 / max(1, rowStride))
  }

  package func kernel(in table: KernelTable) -> Kernel { table.rowNormalization }
  package var items: Int { ceilingQuotient(rows, block) }
  package var scratchBytes: Int { 0 }
  package var flops: Double { 8 * Double(rows) * Double(columns) }

  /// The calls for the gradient of the weight of `operand(0)`, dy, and `operand(1)`, x: its parts are added in order.
  package func weightCalls(_ update: OptimizerUpdate, destination: [CallOperand]) -> KernelSequence {
    let padded = ceilingQuotient(columns, 16) * 16
    let partial = CallOperand.workspace(byteOffset: 0)
    return KernelSequence(
      [
        KernelCall(self, operands: [.operand(0), .operand(1), partial]),
        KernelCall(
          OptimizerUpdateParameters(count: padded, splits: items, update: update), operands: [partial] + destination),
      ], workspaceBytes: 4 * items * padded)
  }
}
