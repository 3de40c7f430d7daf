/// Attention of all heads; see the op `Attention`.
///
/// Operands: queries, keys, values, then the bias, the mask and the step (Int32) where there are such, the result. An item is a head of
/// an example; it takes blocks of queries, whose weights never leave its scratch memory.
package struct AttentionParameters: KernelParameters {
  package static let name = "attention"
  package let shape: AttentionShape
  package let resultStride: Int

  package init(_ shape: AttentionShape, resultStride: Int) {
    self.shape = shape
    self.resultStride = resultStride
  }

  package func kernel(in table: KernelTable) -> Kernel { table.attention }
  package var items: Int { shape.extents.examples * shape.extents.heads }
  /// Keys and values in panels, the weights and the results of a block.
  package var scratchBytes: Int {
    4 * (shape.transposedFloats + shape.panelFloats + shape.blockFloats + shape.block * shape.paddedWidth)
  }
  package var flops: Double { shape.pairs * 4 * Double(shape.extents.width) }
}

/// The gradients of an attention, one behind the other; see the op `AttentionGradient`.
///
/// Operands: dy, then those of `AttentionParameters`. An item is a head of an example; with a bias, a head of all examples, whose sums
/// it takes in order.
package struct AttentionGradientParameters: KernelParameters {
  package static let name = "attention_gradient"
  package let shape: AttentionShape
  package let upstreamStride: Int

  package init(_ shape: AttentionShape, upstreamStride: Int) {
    self.shape = shape
    self.upstreamStride = upstreamStride
  }

  package func kernel(in table: KernelTable) -> Kernel { table.attentionGradient }
  package var items: Int { (shape.hasBias ? 1 : shape.extents.examples) * shape.extents.heads }
  /// Keys twice and values in panels; queries and dy of a block; its weights, those after dropout and their gradients; the gradients
  /// of its queries, and those of all keys and values.
  package var scratchBytes: Int {
    let keys = 2 * shape.transposedFloats + shape.panelFloats
    let sums = (shape.block + 2 * shape.extents.keys) * shape.paddedWidth
    return 4 * (keys + 2 * shape.blockPanelFloats + 3 * shape.blockFloats + sums)
  }
  package var flops: Double { shape.pairs * 10 * Double(shape.extents.width) }
}

/// What the kernels of an attention know of it. Strides are in floats, from a row to the next.
package struct AttentionShape: Sendable, Hashable, BitwiseCopyable {
  package let extents: AttentionExtents
  package let scale: Float
  package let isCausal: Bool
  package let queryStride: Int
  package let keyStride: Int
  package let valueStride: Int
  package let hasBias: Bool
  package let biasStride: Int
  package let mask: AttentionMask
  package let maskStride: Int
  package let hasDropout: Bool
  package let dropout: DropoutKey

  package init(
    extents: AttentionExtents, scale: Double, isCausal: Bool, queryStride: Int, keyStride: Int, valueStride: Int,
    biasStride: Int?, mask: AttentionMask, maskStride: Int, dropout: DropoutKey?
  ) {
    self.extents = extents
    self.scale = Float(scale)
    self.isCausal = isCausal
    self.queryStride = queryStride
    self.keyStride = keyStride
    self.valueStride = valueStride
    hasBias = biasStride != nil
    self.biasStride = biasStride ?? 0
    self.mask = mask
    self.maskStride = maskStride
    hasDropout = dropout != nil
    self.dropout = dropout ?? DropoutKey(probability: 0, seed: 0, identifier: 0)
  }

  /// Queries of one block.
  package var block: Int { min(64, extents.queries) }
  package var paddedWidth: Int { ceilingQuotient(extents.width, 16) * 16 }
  /// Floats from a query's weights to the next one's: whole vectors, and off the powers of two.
  package var weightStride: Int { ceilingQuotient(extents.keys, 16) * 16 + 16 }
  package var blockFloats: Int { block * weightStride }
  /// Keys as columns of panels, [keys / 16][width][16], each a row longer lest panels share cache sets.
  package var transposedPanel: Int { (extents.width + 1) * 16 }
  package var transposedFloats: Int { ceilingQuotient(extents.keys, 16) * transposedPanel }
  /// Keys as rows of panels, [width / 16][keys][16].
  package var panel: Int { (extents.keys + 1) * 16 }
  package var panelFloats: Int { paddedWidth / 16 * panel }
  /// Queries of a block as rows of panels.
  package var blockPanel: Int { (block + 1) * 16 }
  package var blockPanelFloats: Int { paddedWidth / 16 * blockPanel }

  fileprivate var pairs: Double {
    Double(extents.examples) * Double(extents.heads) * Double(extents.queries) * Double(extents.keys)
  }
}
