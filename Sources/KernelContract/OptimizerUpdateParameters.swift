/// Applies an optimizer's update to a flat buffer of weights, or stores their gradient. The gradient is the sum, in
/// order, of `splits` buffers that lie `count` floats apart: partial sums of a contraction that was split.
///
/// Operands: `gradient`, then those of `OptimizerUpdate` (for `none`: the buffer that receives the gradient).
/// `count` is a multiple of 16, as every packed tensor's size is.
package struct OptimizerUpdateParameters: KernelParameters {
  package static let name = "optimizer_update"

  package let count: Int
  package let splits: Int
  package let update: OptimizerUpdate

  package init(count: Int, splits: Int = 1, update: OptimizerUpdate) {
    self.count = count
    self.splits = splits
    self.update = update
  }

  /// The floats that one item updates.
  package static let itemSize = 4096

  package func kernel(in table: KernelTable) -> Kernel { table.optimizerUpdate }
  package var items: Int { ceilingQuotient(count, Self.itemSize) }
  package var scratchBytes: Int { splits > 1 && update.kind != .none ? 4 * Self.itemSize : 0 }
  package var flops: Double { Double(count) * Double(splits + 4 * update.operandCount) }
}
