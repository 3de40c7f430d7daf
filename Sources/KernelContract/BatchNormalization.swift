/// `y = gamma * (x - mean) / sqrt(variance + epsilon) + beta`, then the residual added, then ReLU, over rows of channels.
///
/// Operands: x, mean, variance, gamma, beta, the residual if there is one, y. Residual and y lie like x. The memory of y may
/// be that of x or of the residual.
package struct BatchNormalization: KernelParameters {
  package let rows: RowsOfChannels
  package let epsilon: Float
  package let hasResidual: Bool
  package let hasReLU: Bool

  package init(
    rows: Int, channels: Int, rowStride: Int, epsilon: Double, hasResidual: Bool = false, hasReLU: Bool = false
  ) {
    self.rows = RowsOfChannels(rows: rows, channels: channels, stride: rowStride)
    self.epsilon = Float(epsilon)
    self.hasResidual = hasResidual
    self.hasReLU = hasReLU
  }

  package static let name = "batch_normalization"
  package func kernel(in table: KernelTable) -> Kernel { table.batchNormalization }
  package var items: Int { rows.items }
  package var scratchBytes: Int { 3 * rows.patternFloats * 4 }
  package var flops: Double { 3 * Double(rows.rows) * Double(rows.channels) }
}

/// The gradient of `BatchNormalization` for x, when mean and variance are those of x.
///
/// Operands: dy, x, mean, variance, gamma, the sums (see `ChannelSums.Term.gradient`) in two rows `sumStride` floats apart,
/// y if there is a ReLU, dx. dy, y and dx lie like x; the memory of dx may be that of dy or x.
package struct BatchNormalizationGradient: KernelParameters {
  package let rows: RowsOfChannels
  package let sumStride: Int
  package let epsilon: Float
  /// Take dy for zero where y is not positive.
  package let hasMask: Bool

  package init(rows: Int, channels: Int, rowStride: Int, sumStride: Int, epsilon: Double, hasMask: Bool = false) {
    self.rows = RowsOfChannels(rows: rows, channels: channels, stride: rowStride)
    self.sumStride = sumStride
    self.epsilon = Float(epsilon)
    self.hasMask = hasMask
  }

  package static let name = "batch_normalization_gradient"
  package func kernel(in table: KernelTable) -> Kernel { table.batchNormalizationGradient }
  package var items: Int { rows.items }
  package var scratchBytes: Int { 4 * rows.patternFloats * 4 }
  package var flops: Double { 5 * Double(rows.rows) * Double(rows.channels) }
}

/// A tensor seen as rows of channels, for kernels whose constants are vectors of channels.
package struct RowsOfChannels: Sendable, Hashable {
  package let rows: Int
  package let channels: Int
  /// Floats from row to row: whole vectors, or exactly the channels.
  package let stride: Int

  package init(rows: Int, channels: Int, stride: Int) {
    self.rows = rows
    self.channels = channels
    self.stride = stride
  }

  /// Rows of one item.
  package var itemRows: Int { max(1, 8192 / max(1, stride)) }
  package var items: Int { (rows + itemRows - 1) / itemRows }
  /// Rows for which the constants are written out in scratch one behind the other, so that loops over short rows are long.
  package var patternRows: Int { max(1, 512 / max(1, stride)) }
  package var patternFloats: Int { (patternRows * stride + 15) / 16 * 16 }
}
