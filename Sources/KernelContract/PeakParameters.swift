/// Multiply-adds on registers alone: what the processor can do at best. Operands: none.
package struct PeakParameters: KernelParameters {
  package static let name = "peak"

  /// Multiply-adds of each of 16 independent sums, per item.
  package let steps: Int
  package let items: Int

  package init(steps: Int, items: Int) {
    self.steps = steps
    self.items = items
  }

  package func kernel(in table: KernelTable) -> Kernel { table.peak }
  package var scratchBytes: Int { 64 }
  package var flops: Double { 2 * 16 * 16 * Double(steps) * Double(items) }
}

/// The same of matrix tiles: products of 2 x 2 tiles that stay in their registers. Operands: none.
package struct TilePeakParameters: KernelParameters {
  package static let name = "tile_peak"

  /// Four tile products each, per item.
  package let steps: Int
  package let items: Int

  package init(steps: Int, items: Int) {
    self.steps = steps
    self.items = items
  }

  package func kernel(in table: KernelTable) -> Kernel { table.tilePeak }
  package var unit: ArithmeticUnit { .tiles }
  /// The tiles that are multiplied, and the sums.
  package var scratchBytes: Int { 8 * 1024 }
  /// Of bfloat16: a product of a tile of 16 x 32 numbers with one of 32 x 16 is 8192 multiply-adds.
  package var flops: Double { 2 * 4 * 8192 * Double(steps) * Double(items) }
}
