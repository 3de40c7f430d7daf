/// One pass of a dense two-dimensional convolution: the convolution itself or its data gradient, with an epilogue.
///
/// Operands: `source`, `weights` (for a gradient transposed by `ConvolutionTransposeParameters`), `result`, then those of
/// the epilogue, of `pooling`, of the normalisation and of the sums. Where groups do not fill whole panels all four must be empty, see
/// `storesWholePanels`.
package struct ConvolutionParameters: SummingParameters {
  package static let name = "convolution"

  package let batch: Int
  package let height: ConvolutionAxis
  package let width: ConvolutionAxis
  package let groups: Int
  /// Channels of one group that are summed over, and that are computed.
  package let sourceChannels: Int
  package let resultChannels: Int
  package let sourcePixel: Int
  package let resultPixel: Int
  package let padding: Conv2DShape.Padding
  /// What `source` is where it is bytes.
  package let bytes: ByteScaling?
  package let epilogue: Epilogue
  package let normalization: InputNormalization
  package let pooling: ConvolutionPooling
  package let sums: ResultSums

  /// What one item computes: a band of result rows of one image, for some panels of one group.
  package let bandRows: Int
  package let panelBlock: Int
  /// The rows whose sums an item has in scratch at a time, where it stores their maxima.
  package let stripRows: Int
  /// Whether items copy the pixels that they need to scratch, and the layout of that copy.
  package let copiesSource: Bool
  package let bandPixel: Int
  package let flops: Double

  /// - Parameters:
  ///   - normalization: only without `pooling`, and of floats.
  ///   - pooling: with maxima the epilogue has neither residual nor mask, and there are no sums; a gradient that is spread comes in groups
  ///     of whole vectors.
  package init(
    _ shape: Conv2DShape, isGradient: Bool, epilogue: Epilogue, normalization: InputNormalization = .none,
    pooling: ConvolutionPooling = .none,
    sums: ResultSums = .none
  ) {
    precondition(isGradient || shape.bytes == nil || shape.takesBytes && normalization == .none)
    batch = shape.batch
    let height = ConvolutionAxis(shape.height, isGradient: isGradient, isPaired: pooling.storesMaxima)
    let width = ConvolutionAxis(shape.width, isGradient: isGradient, isPaired: pooling.storesMaxima)
    self.height = height
    self.width = width
    groups = shape.groups
    let channels = isGradient ? shape.outputs : shape.inputs
    sourceChannels = channels
    resultChannels = isGradient ? shape.inputs : shape.outputs
    sourcePixel = isGradient ? shape.outputPixel : shape.inputPixel
    resultPixel = isGradient ? shape.inputPixel : shape.outputPixel
    padding = shape.padding
    bytes = isGradient ? nil : shape.bytes
    self.epilogue = epilogue
    self.normalization = normalization
    self.pooling = pooling
    self.sums = sums
    flops = shape.flops

    let rowStep = isGradient ? 1 : width.stride
    let rows = height.sourceRange(0, height.resultExtent)
    let columns = width.sourceRange(0, width.resultExtent)
    let isInside =
      rows.lowerBound >= 0 && rows.upperBound <= height.sourceExtent && columns.lowerBound >= 0
      && columns.upperBound <= width.sourceExtent
    // Pixels a multiple of 2048 bytes apart share two sets of the first-level cache, so that a tile's rows evict each
    // other; a gap between pixels spreads them.
    copiesSource =
      !isInside || sourcePixel * rowStep % 512 == 0 || bytes != nil || normalization != .none
      || pooling == .spreadGradient
    bandPixel = channels * rowStep % 512 == 0 ? channels + 16 : channels

    let panels = ceilingQuotient(resultChannels, 16)
    let panelFloats = shape.taps * channels * 16
    var panelBlock = min(panels, max(2, 150_000 / panelFloats / 2 * 2))
    let rowFloats = columns.count * bandPixel
    // Bands start at a phase's first row, or a window's.
    let unit = pooling.storesMaxima ? 2 : height.phases
    func bandFloats(_ bandRows: Int) -> Int { height.sourceRange(0, bandRows).count * rowFloats }
    var bandRows = ceilingQuotient(height.resultExtent, unit) * unit
    while bandRows > unit && bandFloats(bandRows) > 96_000 {
      bandRows = ceilingQuotient(ceilingQuotient(bandRows, 2), unit) * unit
    }
    // Enough items for the workers; halves of bands first, because panels share the copied band.
    let wanted = min(16, 1 + Int(shape.flops / 500_000))
    func items() -> Int {
      shape.batch * shape.groups * ceilingQuotient(height.resultExtent, bandRows) * ceilingQuotient(panels, panelBlock)
    }
    while items() < wanted && bandRows >= 4 * unit {
      bandRows = ceilingQuotient(ceilingQuotient(bandRows, 2), unit) * unit
    }
    while items() < wanted && panelBlock > 2 { panelBlock = ceilingQuotient(panelBlock, 4) * 2 }
    self.panelBlock = panelBlock
    self.bandRows = bandRows
    // About 128 pixels: their sums stay in the first-level cache, and enough of them share what comes of weights from the second.
    stripRows = min(bandRows, max(2, 128 / width.resultExtent / 2 * 2))
  }

  package func kernel(in table: KernelTable) -> Kernel { table.convolution }

  package var bands: Int { ceilingQuotient(height.resultExtent, bandRows) }
  package var panels: Int { ceilingQuotient(resultChannels, 16) }
  /// Whether a tile's columns are whole vectors of the result that no other group owns.
  package var storesWholePanels: Bool { groups == 1 || resultChannels % 16 == 0 }
  package var items: Int { batch * groups * bands * ceilingQuotient(panels, panelBlock) }
  /// Bands of all images.
  package var sumParts: Int { batch * bands }
  package var sumPanels: Int { groups * panels }

  /// The floats of scratch for sums that do not go to the result as they are, of the panels of a tile: those of a strip, or of a tile whose
  /// lanes are copied one by one.
  package var sumFloats: Int {
    if pooling.storesMaxima { return stripRows * width.resultExtent * 32 }
    return storesWholePanels ? 0 : 16 * 32
  }

  package var scratchBytes: Int {
    let band =
      copiesSource
      ? height.sourceRange(0, bandRows).count * width.sourceRange(0, width.resultExtent).count * bandPixel : 0
    // A spread gradient is stored by whole vectors: the last pixel's may end behind the band.
    return 4 * (sumFloats + band + (pooling == .spreadGradient ? 16 : 0))
  }
}

/// Transposes and reverses the packed weights of a convolution, for its data gradient: result
/// `[groups][⌈inputs / 16⌉][reversed taps][outputs][16]`. Operands: `weights`, `result`.
package struct ConvolutionTransposeParameters: KernelParameters {
  package static let name = "convolution_transpose"

  package let groups: Int
  package let inputs: Int
  package let outputs: Int
  package let taps: Int

  package init(_ shape: Conv2DShape) {
    groups = shape.groups
    inputs = shape.inputs
    outputs = shape.outputs
    taps = shape.taps
  }

  /// The floats of the result.
  package var resultCount: Int { groups * ceilingQuotient(inputs, 16) * taps * outputs * 16 }
  package func kernel(in table: KernelTable) -> Kernel { table.convolutionTranspose }
  package var items: Int { groups * ceilingQuotient(inputs, 16) * taps }
  package var scratchBytes: Int { 0 }
  package var flops: Double { 0 }
}
