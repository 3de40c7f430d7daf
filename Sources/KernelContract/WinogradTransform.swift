/// The Winograd (Toom-Cook) algorithms for convolutions of stride 1: `m` x `m` outputs of an `r` x `r` filter from
/// `(m + r - 1)²` products, each of transformed inputs with transformed weights.
///
/// The points are 0, ±5/8, ±3/2, ∞ where six are needed, which keep the error of a sum near that of direct fp32
/// (Barabasz et al., "Error analysis and improving the accuracy of Winograd convolution", 2020), and 0, ±1, ∞ for four.
package enum WinogradTransform: UInt8, Sendable, Hashable, CaseIterable {
  /// 4x4 outputs of a 3x3 filter: 36 products instead of 144.
  case f4x3
  /// 2x2 outputs of a 5x5 filter: 36 products instead of 100.
  case f2x5
  /// 2x2 outputs of a 3x3 filter: 16 products instead of 36.
  case f2x3

  /// The width of the square of outputs that one tile gives.
  package var outputs: Int { self == .f4x3 ? 4 : 2 }
  /// The width of the filter.
  package var taps: Int { self == .f2x5 ? 5 : 3 }
  /// The width of a tile of inputs, and of its transform: as many as there are points.
  package var points: Int { outputs + taps - 1 }
  /// The multiplications per channel pair of a tile, and so the number of matrix products.
  package var products: Int { points * points }
  /// The addresses that a tile takes whose pixels are looked up: of each pixel, or of two numbers for each 2x2 window that it touches;
  /// whole cache lines.
  package var addressCount: Int {
    let windows = points / 2 + 1
    return ceilingQuotient(max(products, 2 * windows * windows), 8) * 8
  }

  /// As plans name it.
  package var title: String { "Winograd F(\(outputs)x\(outputs),\(taps)x\(taps))" }
}

/// Images in channels-last order, `[images][height][width][stride]`: `stride` is the channels rounded up to 16.
package struct ImageExtents: Sendable, Hashable {
  package var height: Int
  package var width: Int
  package var channels: Int
  package var stride: Int

  /// The stride is the least multiple of 16 unless given.
  package init(height: Int, width: Int, channels: Int, stride: Int? = nil) {
    self.height = height
    self.width = width
    self.channels = channels
    self.stride = stride ?? ceilingQuotient(channels, 16) * 16
  }
}

/// Rows of `floats` floats an odd number of cache lines apart, so that the same place of many rows falls in many sets.
func oddLines(_ floats: Int) -> Int {
  let lines = ceilingQuotient(floats, 16)
  return (lines | 1) * 16
}
