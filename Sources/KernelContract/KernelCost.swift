// What a call costs, for figures: plans and profiles take it from here. A kernel that does what its operands and its formula say needs
// no entry; the others stand at the end.

/// The work of one kernel call.
package struct KernelCost: Sendable, Hashable {
  /// Floating-point operations of the result's definition: a convolution by Winograd's algorithm counts as the direct one.
  package var usefulFlops: Double
  /// Those that the kernel does on its `unit`: fewer by Winograd's algorithm, six or three times as many where numbers are
  /// split for tiles.
  package var executedFlops: Double
  package var unit: ArithmeticUnit
  /// Bytes that have to come from memory or go there, each number once, scratch not counted.
  package var bytes: Double

  package init(
    usefulFlops: Double = 0, executedFlops: Double = 0, unit: ArithmeticUnit = .vectors, bytes: Double = 0
  ) {
    self.usefulFlops = usefulFlops
    self.executedFlops = executedFlops
    self.unit = unit
    self.bytes = bytes
  }
}

extension KernelParameters {
  /// The cost of a call whose operands take so many bytes each; an operand that is read and written counts twice.
  package func cost(operandBytes: [Double]) -> KernelCost {
    KernelCost(usefulFlops: flops, executedFlops: executedFlops, unit: unit, bytes: bytes(of: operandBytes))
  }

  package var executedFlops: Double { flops }
  package var unit: ArithmeticUnit { .vectors }
  package func bytes(of operands: [Double]) -> Double { operands.reduce(0, +) }
}

extension TileProductParameters {
  package var executedFlops: Double { 6 * flops }
  package var unit: ArithmeticUnit { .tiles }
}

extension ByteProductParameters {
  package var executedFlops: Double { 3 * flops }
  package var unit: ArithmeticUnit { .tiles }
}

extension ByteWeightGradientParameters {
  package var executedFlops: Double { 3 * flops }
  package var unit: ArithmeticUnit { .tiles }
}

extension WinogradConvolutionParameters {
  /// The products of whole tiles; the transforms are not counted.
  package var executedFlops: Double {
    2 * Double(transform.products) * Double(tiles) * Double(x.channels) * Double(y.channels)
  }
}

extension WinogradWeightGradientParameters {
  /// The products of whole tiles; the transforms are not counted.
  package var executedFlops: Double {
    2 * Double(transform.products) * Double(tiles) * Double(x.channels) * Double(dy.channels)
  }
}

extension EmbeddingParameters {
  /// Of the table only the rows that are named, which are as large as the result.
  package func bytes(of operands: [Double]) -> Double { operands.count == 3 ? operands[1] + 2 * operands[2] : 0 }
}

extension StridedCopyParameters {
  /// What is visited, read and written.
  package func bytes(of operands: [Double]) -> Double {
    var count = 1.0
    for index in loops.indices { count *= Double(loops[index].extent) }
    return 8 * count
  }
}
