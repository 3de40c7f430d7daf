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
