/// A convolution of stride 1 (cross-correlation) by a Winograd algorithm, on filters that
/// `WinogradWeightsParameters` transformed. With filters transformed for it, it computes the gradient of the data.
///
/// Operands: `x`, the transformed weights, `y`, then those of the epilogue. Images are channels-last with strides that
/// are multiples of 16; the padding lanes of `x` are not used, those of `y` receive unspecified values.
package struct WinogradConvolutionParameters: KernelParameters {
  package static let name = "winograd_convolution"

  package let transform: WinogradTransform
  package let images: Int
  package let x: ImageExtents
  package let y: ImageExtents
  /// Where the first window starts, above and left of the image; negative if it starts within.
  package let paddingTop: Int
  package let paddingLeft: Int
  package let epilogue: Epilogue

  /// The most tiles of one item, and its panels of output channels.
  package let tileBlock: Int
  package let panelBlock: Int

  /// Pixels outside `x` are zero; how many there are below and to the right follows from the extents of `y`.
  package init(
    _ transform: WinogradTransform, images: Int, x: ImageExtents, y: ImageExtents, paddingTop: Int, paddingLeft: Int,
    epilogue: Epilogue
  ) {
    self.transform = transform
    self.images = images
    self.x = x
    self.y = y
    self.paddingTop = paddingTop
    self.paddingLeft = paddingLeft
    self.epilogue = epilogue

    let tiles = images * ceilingQuotient(y.height, transform.outputs) * ceilingQuotient(y.width, transform.outputs)
    let panels = ceilingQuotient(y.channels, 16)
    // Transformed inputs and products of an item stay in the second-level cache, or where the channels are many at
    // least one point's matrices do; each tile more makes better use of the weights that stream by.
    let cachedTiles = 400_000 / (transform.products * (x.stride + min(y.stride, 128)))
    var tileBlocks = ceilingQuotient(tiles, max(56, cachedTiles))
    var panelBlocks = ceilingQuotient(panels, 8)
    // Enough items for the workers: tiles are cut down to what makes up a register tile, then panels.
    if tileBlocks * panelBlocks < 8 { tileBlocks = max(tileBlocks, min(8 / panelBlocks, ceilingQuotient(tiles, 28))) }
    if tileBlocks * panelBlocks < 4 { panelBlocks = max(panelBlocks, min(4 / tileBlocks, ceilingQuotient(panels, 4))) }
    tileBlock = max(1, ceilingQuotient(tiles, tileBlocks))
    panelBlock = max(1, ceilingQuotient(panels, panelBlocks))
  }

  package func kernel(in table: KernelTable) -> Kernel { table.winogradConvolution }

  /// The tiles of an image, down and across.
  package var tileRows: Int { ceilingQuotient(y.height, transform.outputs) }
  package var tileColumns: Int { ceilingQuotient(y.width, transform.outputs) }
  package var tiles: Int { images * tileRows * tileColumns }
  package var panels: Int { ceilingQuotient(y.channels, 16) }
  package var panelBlocks: Int { ceilingQuotient(panels, panelBlock) }

  package var items: Int { ceilingQuotient(tiles, tileBlock) * panelBlocks }

  /// The distances between the rows (tiles) and the matrices (points) of the transformed inputs in scratch.
  package var inputRowStride: Int { oddLines(x.channels) }
  package var inputMatrixStride: Int { oddLines(tileBlock * inputRowStride) }
  /// The same of the products.
  package var productRowStride: Int { oddLines(16 * panelBlock) }
  package var productMatrixStride: Int { oddLines(tileBlock * productRowStride) }

  /// The distance between the matrices of transformed weights.
  package var weightMatrixStride: Int {
    WinogradWeightsParameters(transform, inputs: x.channels, outputs: y.channels).matrixStride
  }

  /// Transformed inputs, products, a tile being transformed, the addresses of its pixels, a pixel of zeros.
  package var scratchBytes: Int {
    let products = transform.products
    return 4 * (products * (inputMatrixStride + productMatrixStride + 16) + ceilingQuotient(x.channels, 16) * 16)
      + 8 * ceilingQuotient(products, 8) * 8
  }

  /// Those of the direct convolution, so that figures compare.
  package var flops: Double {
    let taps = Double(transform.taps * transform.taps)
    return 2 * taps * Double(images) * Double(y.height * y.width) * Double(x.channels) * Double(y.channels)
  }
}
