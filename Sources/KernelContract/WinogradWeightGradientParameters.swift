/// The gradient of a convolution's weights by the same algorithm as its `WinogradConvolutionParameters`: per tile, the
/// tile of `dy` is the filter and the gradient the output.
///
/// Operands: `x`, `dy` (channels-last, strides multiples of 16; with places, see `isSpread`, the gradient of the maxima) and `partial`: one gradient in panels
/// `[⌈OC / 16⌉][taps][taps][IC][16]` for each of `splits` parts of the tiles, in order, to be added up by
/// `OptimizerUpdateParameters`; see `calls`; then the places, then the operands of the normalisation. Lanes of channels beyond the last receive zeros.
package struct WinogradWeightGradientParameters: KernelParameters {
  package static let name = "winograd_weight_gradient"

  package let transform: WinogradTransform
  package let images: Int
  package let x: ImageExtents
  package let dy: ImageExtents
  package let paddingTop: Int
  package let paddingLeft: Int
  /// What becomes of `x` first.
  package let normalization: InputNormalization
  /// Whether `dy` is spread as by `ConvolutionPooling.spreadGradient`; its extents are those without pooling.
  package let isSpread: Bool

  package let splits: Int
  /// The most tiles that are transformed before they are multiplied.
  package let tileBlock: Int
  /// The channels of one item: of `x` (a multiple of 16) and panels of those of `dy`.
  package let inputBlock: Int
  package let panelBlock: Int

  package init(
    _ transform: WinogradTransform, images: Int, x: ImageExtents, dy: ImageExtents, paddingTop: Int, paddingLeft: Int,
    normalization: InputNormalization = .none, isSpread: Bool = false
  ) {
    self.transform = transform
    self.images = images
    self.x = x
    self.dy = dy
    self.paddingTop = paddingTop
    self.paddingLeft = paddingLeft
    self.normalization = normalization
    self.isSpread = isSpread

    let tiles = images * ceilingQuotient(dy.height, transform.outputs) * ceilingQuotient(dy.width, transform.outputs)
    let inputPanels = ceilingQuotient(x.channels, 16)
    let panels = ceilingQuotient(dy.channels, 16)
    // Images that stay in the last-level cache are transformed again for each small block, whose sums stay in the
    // second level. Others are read as rarely as can be: then the sums stream by, once for many tiles.
    let isCached = images * (x.height * x.width * x.stride + dy.height * dy.width * dy.stride) <= 4_000_000
    inputBlock = 16 * ceilingQuotient(inputPanels, ceilingQuotient(inputPanels, isCached ? 4 : 8))
    panelBlock = ceilingQuotient(panels, ceilingQuotient(panels, isCached ? 4 : 16))
    let blocks = ceilingQuotient(inputPanels * 16, inputBlock) * ceilingQuotient(panels, panelBlock)
    splits = max(1, min(ceilingQuotient(8, blocks), tiles / 64))
    let splitTiles = ceilingQuotient(tiles, splits)
    let cachedTiles = isCached || inputBlock + 16 * panelBlock <= 128 ? 40 : 64
    tileBlock = ceilingQuotient(splitTiles, ceilingQuotient(splitTiles, cachedTiles))
  }

  /// The calls that compute the gradient and give it to `destination`, the operands of the update.
  /// - Parameter last: the operands of places and of the normalisation.
  package static func calls(
    _ parameters: Self, update: OptimizerUpdate, x: CallOperand, dy: CallOperand, destination: [CallOperand],
    last: [CallOperand] = []
  ) -> KernelSequence {
    if parameters.splits == 1 && update.kind == .none {
      return KernelSequence([KernelCall(parameters, operands: [x, dy, destination[0]] + last)])
    }
    let partial = CallOperand.workspace(byteOffset: 0)
    return KernelSequence(
      [
        KernelCall(parameters, operands: [x, dy, partial] + last),
        KernelCall(
          OptimizerUpdateParameters(count: parameters.gradientCount, splits: parameters.splits, update: update),
          operands: [partial] + destination),
      ], workspaceBytes: 4 * parameters.splits * parameters.gradientCount)
  }

  package func kernel(in table: KernelTable) -> Kernel { table.winogradWeightGradient }

  package var tileRows: Int { ceilingQuotient(dy.height, transform.outputs) }
  package var tileColumns: Int { ceilingQuotient(dy.width, transform.outputs) }
  package var tiles: Int { images * tileRows * tileColumns }
  package var inputBlocks: Int { ceilingQuotient(x.channels, inputBlock) }
  package var panelBlocks: Int { ceilingQuotient(ceilingQuotient(dy.channels, 16), panelBlock) }
  /// The floats of one gradient.
  package var gradientCount: Int {
    ceilingQuotient(dy.channels, 16) * 16 * x.channels * transform.taps * transform.taps
  }

  package var items: Int { splits * inputBlocks * panelBlocks }

  /// The distances between rows (tiles; input channels) and matrices (points) of the three arrays in scratch.
  package var inputRowStride: Int { oddLines(inputBlock) }
  package var inputMatrixStride: Int { oddLines(tileBlock * inputRowStride) }
  package var filterRowStride: Int { oddLines(16 * panelBlock) }
  package var filterMatrixStride: Int { oddLines(tileBlock * filterRowStride) }
  package var sumRowStride: Int { oddLines(16 * panelBlock) }
  package var sumMatrixStride: Int { oddLines(inputBlock * sumRowStride) }

  /// Sums, transformed tiles of both, a tile being transformed, the addresses of its pixels, a pixel of zeros.
  package var scratchBytes: Int {
    let products = transform.products
    return 4 * (products * (inputMatrixStride + filterMatrixStride + sumMatrixStride + 16))
      + 4 * max(inputBlock, 16 * panelBlock) + 8 * transform.addressCount
  }

  /// Those of the direct computation, so that figures compare.
  package var flops: Double {
    let taps = Double(transform.taps * transform.taps)
    return 2 * taps * Double(images) * Double(dy.height * dy.width) * Double(x.channels) * Double(dy.channels)
  }
}
