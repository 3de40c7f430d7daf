/// Extents and places of a recurrent layer's tensors. Strides are in floats, from a row (one step of one example) to the next.
package struct RecurrenceShape: Sendable, Hashable, BitwiseCopyable {
  package let cell: RecurrentCell
  package let examples: Int
  package let steps: Int
  package let width: Int
  package let isReversed: Bool
  package let recordStride: Int
  /// Flags of an example to those of the next; 0 without a mask.
  package let maskStride: Int
  package let hasDropout: Bool
  package let dropout: DropoutKey

  package init(
    cell: RecurrentCell, examples: Int, steps: Int, width: Int, isReversed: Bool, recordStride: Int, maskStride: Int,
    dropout: DropoutKey?
  ) {
    self.cell = cell
    self.examples = examples
    self.steps = steps
    self.width = width
    self.isReversed = isReversed
    self.recordStride = recordStride
    self.maskStride = maskStride
    hasDropout = dropout != nil
    self.dropout = dropout ?? DropoutKey(probability: 0, seed: 0, identifier: 0)
  }

  /// Examples of one item: enough rows for the register tile, and a power of two of items for the workers. An item goes through all
  /// steps without waiting for the others.
  package var block: Int {
    var items = examples >= 8 ? 2 : 1
    while items < 16 && examples >= 32 * items { items *= 2 }
    return max(1, ceilingQuotient(examples, items))
  }
  package var items: Int { ceilingQuotient(examples, block) }
  /// The width in whole vectors.
  package var padded: Int { ceilingQuotient(width, 16) * 16 }
  /// The recurrent gates of one example in whole vectors.
  package var gateStride: Int { ceilingQuotient(width * cell.gates, 16) * 16 + 16 }
  package var flops: Double {
    2 * Double(examples) * Double(steps) * Double(width) * Double(width) * Double(cell.gates)
  }

  /// The step that comes after so many.
  @inlinable package func step(_ position: Int) -> Int { isReversed ? steps - 1 - position : position }
}

/// All steps of a recurrent layer forwards; see the op `Recurrence`.
///
/// Operands: the input's gates, the weight in panels, the bias, then the mask and the step (Int32) where there are such, the record.
/// An item is a block of examples.
package struct RecurrenceParameters: KernelParameters {
  package static let name = "recurrence"
  package let shape: RecurrenceShape
  package let inputStride: Int

  package init(_ shape: RecurrenceShape, inputStride: Int) {
    self.shape = shape
    self.inputStride = inputStride
  }

  package func kernel(in table: KernelTable) -> Kernel { table.recurrence }
  package var items: Int { shape.items }
  /// The states, the states as they are read, the cell states and the dropout's factors; the recurrent gates.
  package var scratchBytes: Int { 4 * (shape.block * (4 * shape.padded + shape.gateStride) + 16) }
  package var flops: Double { shape.flops }
}

/// All steps of a recurrent layer backwards; see the op `RecurrenceGradient`.
///
/// Operands: dy, the record, the weight in panels, then the mask and the step where there are such, the gradients of the gates.
package struct RecurrenceGradientParameters: KernelParameters {
  package static let name = "recurrence_gradient"
  package let shape: RecurrenceShape
  /// dy is that of the state after the last step alone.
  package let takesLast: Bool
  package let upstreamStride: Int
  package let resultStride: Int

  package init(_ shape: RecurrenceShape, takesLast: Bool, upstreamStride: Int, resultStride: Int) {
    self.shape = shape
    self.takesLast = takesLast
    self.upstreamStride = upstreamStride
    self.resultStride = resultStride
  }

  package func kernel(in table: KernelTable) -> Kernel { table.recurrenceGradient }
  package var items: Int { shape.items }
  /// The floats of the transposed weight.
  package var weightFloats: Int { shape.padded * (shape.cell.gates * shape.width + 1) }
  /// What the state's gradient keeps, what comes through the weight, the cell states' gradients and the dropout's factors; the gates.
  package var scratchBytes: Int {
    4 * (shape.block * (4 * shape.padded + shape.gateStride) + 16 + weightFloats)
  }
  package var flops: Double { shape.flops }
}

/// What each step of a recurrent layer read; see the op `RecurrenceRead`. Operands: the record, the step where there is a dropout, the
/// result. An item is an example.
package struct RecurrenceReadParameters: KernelParameters {
  package static let name = "recurrence_read"
  package let shape: RecurrenceShape
  package let resultStride: Int

  package init(_ shape: RecurrenceShape, resultStride: Int) {
    self.shape = shape
    self.resultStride = resultStride
  }

  package func kernel(in table: KernelTable) -> Kernel { table.recurrenceRead }
  package var items: Int { shape.examples }
  package var scratchBytes: Int { 4 * shape.padded }
  package var flops: Double { 0 }
}
