/// Writes a few numbers times a scalar. Operands: the scalar, the result, of which the numbers from `start` on are written.
package struct ScaledListParameters: KernelParameters {
  package static let name = "scaled_list"
  /// How many numbers one call can hold.
  package static let capacity = 32

  package let start: Int
  package let count: Int
  package let values: InlineArray<32, Float>

  /// - Parameter values: at most `capacity`.
  package init(start: Int, values: [Float]) {
    self.start = start
    count = min(values.count, Self.capacity)
    self.values = InlineArray { values.indices.contains($0) ? values[$0] : 0 }
  }

  package func kernel(in table: KernelTable) -> Kernel { table.scaledList }
  package var items: Int { 1 }
  package var scratchBytes: Int { 0 }
  package var flops: Double { Double(count) }
}
