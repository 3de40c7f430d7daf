/// The gradient of a dense convolution with respect to its weights, packed like them:
/// `dW[tap, c, o] = Σ x[image, y * stride + tap, c] * dy[image, y, o]` over images and output pixels.
///
/// The sum is cut into `splits` parts, the same whatever the number of workers. Operands: `x`, `dy`, the places of the maxima whose gradient
/// that is where `isSpread`, those of the normalisation of `x`; one part: then those of `OptimizerUpdate`, which is applied while the
/// gradient is in the cache; more: `partial`, where each part stores a whole gradient for `OptimizerUpdateParameters` to add.
package struct ConvolutionWeightGradientParameters: KernelParameters {
  package static let name = "convolution_weight_gradient"

  package let shape: Conv2DShape
  package let update: OptimizerUpdate
  package let normalization: InputNormalization
  /// Whether `dy` is spread as by `ConvolutionPooling.spreadGradient`; the shape is that without pooling.
  package let isSpread: Bool
  package let splits: Int
  /// The gradient is added to what its memory holds, instead of stored; there is no update then, and one split.
  package let adds: Bool
  /// What one item computes: this many input channels and output panels of a group, for all taps.
  package let channelBlock: Int
  package let panelBlock: Int
  /// The output rows of a band, and the images whose bands are summed in one go.
  package let bandRows: Int
  package let bandImages: Int
  /// Floats from a pixel of the copied input to the next.
  package let bandPixel: Int

  /// - Parameters:
  ///   - normalization: only of floats.
  ///   - isSpread: outputs come in groups of whole vectors then.
  package init(
    _ shape: Conv2DShape, update: OptimizerUpdate, normalization: InputNormalization = .none, adds: Bool = false,
    isSpread: Bool = false
  ) {
    precondition(shape.bytes == nil || shape.takesBytes && normalization == .none)
    self.shape = shape
    self.normalization = normalization
    self.isSpread = isSpread
    self.adds = adds
    let channels = shape.inputs
    let channelBlocks = ceilingQuotient(channels, shape.taps == 1 ? 256 : 128)
    let channelBlock =
      channelBlocks == 1 ? channels : ceilingQuotient(ceilingQuotient(channels, channelBlocks), 16) * 16
    self.channelBlock = channelBlock
    let panels = shape.outputPanels
    let tapFloats = shape.taps * channelBlock * 16
    var panelBlock = min(panels, min(16, max(2, 75_000 / tapFloats / 2 * 2)))
    panelBlock = ceilingQuotient(panels, ceilingQuotient(panels, panelBlock))
    if panelBlock > 2 { panelBlock = (panelBlock + 1) / 2 * 2 }
    self.panelBlock = panelBlock
    // Few channels: rows of tiles run over neighbouring pixels. Many: a gap makes the pixels that an output row reads an
    // odd number of cache lines apart, which spreads them over all sets of the cache.
    bandPixel =
      channelBlock >= 56 && channelBlock % 32 == 0
      ? channelBlock + max(4, 16 / shape.width.stride) : channelBlock

    let outputRows = shape.height.output
    let outputColumns = shape.width.output
    let columns = (outputColumns - 1) * shape.width.stride + (shape.width.kernel - 1) * shape.width.dilation + 1
    let pixel = bandPixel
    func bandFloats(_ rows: Int) -> Int {
      let inputRows = (rows - 1) * shape.height.stride + (shape.height.kernel - 1) * shape.height.dilation + 1
      return inputRows * columns * pixel + rows * outputColumns * panelBlock * 16
    }
    // Each tile of the gradient comes from the cache and goes back once per band, so bands are as large as the
    // second-level cache allows beside the block of weights.
    let cachedFloats = max(40_000, 200_000 - panelBlock * tapFloats)
    var bandRows = outputRows
    while bandRows > 1 && bandFloats(bandRows) > cachedFloats { bandRows = ceilingQuotient(bandRows, 2) }
    self.bandRows = bandRows
    bandImages = bandRows < outputRows ? 1 : max(1, min(shape.batch, cachedFloats / bandFloats(bandRows)))

    let blocks = shape.groups * ceilingQuotient(channels, channelBlock) * ceilingQuotient(panels, panelBlock)
    let units = shape.batch * ceilingQuotient(outputRows, bandRows)
    let wanted = min(16, 1 + Int(shape.flops / 1_000_000))
    // A split costs a pass over the weights, so it must sum enough pixels to be worth it.
    let worth = max(1, shape.batch * outputRows * outputColumns / 256)
    splits = adds ? 1 : max(1, min(min(ceilingQuotient(wanted, blocks), worth), units))
    self.update = splits == 1 ? update : .none
  }

  package func kernel(in table: KernelTable) -> Kernel { table.convolutionWeightGradient }

  package var bands: Int { ceilingQuotient(shape.height.output, bandRows) }
  package var channelBlocks: Int { ceilingQuotient(shape.inputs, channelBlock) }
  package var panelBlocks: Int { ceilingQuotient(shape.outputPanels, panelBlock) }
  package var items: Int { splits * shape.groups * channelBlocks * panelBlocks }
  package var flops: Double { shape.flops }

  /// The floats of scratch for the copied input, for the packed gradient of the output, and for the block of weights.
  package var inputFloats: Int {
    let rows = (bandRows - 1) * shape.height.stride + (shape.height.kernel - 1) * shape.height.dilation + 1
    let columns = (shape.width.output - 1) * shape.width.stride + (shape.width.kernel - 1) * shape.width.dilation + 1
    return ceilingQuotient(bandImages * rows * columns * bandPixel, 16) * 16
  }
  package var outputFloats: Int { (bandImages * bandRows * shape.width.output + 1) * panelBlock * 16 }
  package var blockFloats: Int { update.kind == .none ? 0 : panelBlock * shape.taps * channelBlock * 16 }
  package var scratchBytes: Int { 4 * (inputFloats + outputFloats + blockFloats) }
}
