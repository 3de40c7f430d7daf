/// Sums over all rows of each channel, the first of two calls: every chunk of rows leaves its partial sums in workspace.
///
/// Tensors are rows of channels: images channels-last, or matrices. See `Term` for the operands and results.
package struct ChannelSums: KernelParameters {
  package enum Term: UInt8, Sendable, Hashable {
    /// Operand x; result: the mean of x.
    case mean
    /// Operands x, its mean; result: the biased variance of x.
    case variance
    /// Operand x; results: mean and biased variance from one reading of x.
    case statistics
    /// Operands dy, x, mean, variance; results: the sums of dy, and of dy times the normalised x.
    case gradient
    /// As `gradient`, with dy set to zero where the additional operand y, laid out like x, is not positive.
    case maskedGradient

    /// How many numbers per channel come out.
    package var resultCount: Int { self == .mean || self == .variance ? 1 : 2 }
    /// How many numbers per channel and chunk lie in the workspace.
    var partialCount: Int { self == .statistics ? 3 : resultCount }
    /// How many operands come before the workspace.
    package var operandCount: Int {
      switch self {
      case .mean, .statistics: 1
      case .variance: 2
      case .gradient: 4
      case .maskedGradient: 5
      }
    }
  }

  package static let chunkRows = 512
  /// Channels of one item.
  package static let groupChannels = 512

  package let term: Term
  package let rows: Int
  package let channels: Int
  /// Floats from row to row, the same in all operands of the size of x.
  package let rowStride: Int
  /// Added to the variance before its root is taken (gradients only).
  package let epsilon: Float

  /// The calls for a result in rows `resultStride` floats apart, a multiple of 16 (without meaning for one result).
  package static func sequence(
    _ term: Term, rows: Int, channels: Int, rowStride: Int, resultStride: Int = 0, epsilon: Double = 0
  ) -> KernelSequence {
    let sums = Self(term: term, rows: rows, channels: channels, rowStride: rowStride, epsilon: Float(epsilon))
    let workspace = CallOperand.workspace(byteOffset: 0)
    let operands = (0..<term.operandCount).map { CallOperand.operand($0) }
    let totals = ChannelTotals(sums: sums, resultStride: resultStride)
    return KernelSequence(
      [
        KernelCall(sums, operands: operands + [workspace]),
        KernelCall(totals, operands: [workspace, .result]),
      ], workspaceBytes: sums.chunks * sums.partialFloats * 4)
  }

  package var chunks: Int { (rows + Self.chunkRows - 1) / Self.chunkRows }
  package var groups: Int { (channels + Self.groupChannels - 1) / Self.groupChannels }
  /// Floats of the partial sums of one chunk: `partialCount` rows of whole vectors.
  package var partialFloats: Int { term.partialCount * partialStride }
  package var partialStride: Int { (channels + 15) / 16 * 16 }

  package static let name = "channel_sums"
  package func kernel(in table: KernelTable) -> Kernel { table.channelSums }
  package var items: Int { chunks * groups }
  package var scratchBytes: Int { 0 }
  package var flops: Double { Double(rows) * Double(channels) * (term == .mean ? 1 : 4) }
}

/// Adds the partial sums that `ChannelSums` left, in order and in double precision, and makes the results of them.
/// Operands: the partial sums, the results.
package struct ChannelTotals: KernelParameters {
  package let sums: ChannelSums
  package let resultStride: Int

  package static let name = "channel_totals"
  package func kernel(in table: KernelTable) -> Kernel { table.channelTotals }
  /// One item for 16 channels.
  package var items: Int { sums.partialStride / 16 }
  package var scratchBytes: Int { 0 }
  package var flops: Double { Double(sums.chunks) * Double(sums.partialFloats) }
}
