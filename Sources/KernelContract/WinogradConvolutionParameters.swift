/// A convolution of stride 1 (cross-correlation) by a Winograd algorithm, or the gradient of its data, which is one of
/// the turned filters.
///
/// Operands: `x`, `weights`, `y`, then those of the epilogue, of `pooling`, of the normalisation and of the sums; the weights as `WinogradWeightsParameters`
/// transformed them, or where `transformsWeights` as that takes them. Images are channels-last with strides that are multiples of
/// 16; the padding lanes of `x` are not used, those of `y` receive unspecified values.
package struct WinogradConvolutionParameters: SummingParameters {
  package static let name = "winograd_convolution"

  package let transform: WinogradTransform
  package let images: Int
  /// The extents without pooling.
  package let x: ImageExtents
  package let y: ImageExtents
  /// Where the first window starts, above and left of the image; negative if it starts within.
  package let paddingTop: Int
  package let paddingLeft: Int
  /// Whether the filters are turned: `x` is the gradient of the convolution's output.
  package let isGradient: Bool
  /// Whether the transformed weights stay the same from run to run.
  package let weightsAreFixed: Bool
  package let epilogue: Epilogue
  package let normalization: InputNormalization
  package let pooling: ConvolutionPooling
  package let sums: ResultSums

  /// The most tiles of one item, and its panels of output channels.
  package let tileBlock: Int
  package let panelBlock: Int
  /// Whether each item transforms the weights that it needs, a block of its depth at a time, into scratch.
  package let transformsWeights: Bool
  package let depthBlock: Int

  /// Pixels outside `x` are zero; how many there are below and to the right follows from the extents of `y`.
  /// - Parameters:
  ///   - weightsAreFixed: whether the weights are transformed once and for all.
  ///   - normalization: only without `pooling`.
  ///   - pooling: with maxima the epilogue has neither residual nor mask.
  package init(
    _ transform: WinogradTransform, images: Int, x: ImageExtents, y: ImageExtents, paddingTop: Int, paddingLeft: Int,
    isGradient: Bool = false, weightsAreFixed: Bool = false, epilogue: Epilogue,
    normalization: InputNormalization = .none, pooling: ConvolutionPooling = .none, sums: ResultSums = .none
  ) {
    self.transform = transform
    self.images = images
    self.x = x
    self.y = y
    self.paddingTop = paddingTop
    self.paddingLeft = paddingLeft
    self.isGradient = isGradient
    self.weightsAreFixed = weightsAreFixed
    self.epilogue = epilogue
    self.normalization = normalization
    self.pooling = pooling
    self.sums = sums

    let tiles = images * ceilingQuotient(y.height, transform.outputs) * ceilingQuotient(y.width, transform.outputs)
    let panels = ceilingQuotient(y.channels, 16)
    var tileBlocks: Int
    var panelBlocks: Int
    // Transforming a weight again costs as much as multiplying it with a few tiles: less than storing many of them for
    // few tiles.
    let transformedWeights = transform.products * x.channels * y.channels
    transformsWeights = transformedWeights > 4_000_000 && tiles <= 96 && !weightsAreFixed
    if transformsWeights {
      depthBlock = min(128, ceilingQuotient(x.channels, 16) * 16)
      tileBlocks = 1
      panelBlocks = ceilingQuotient(panels, 4)
    } else {
      depthBlock = x.channels
      // Transformed inputs and products of an item stay in the second-level cache.
      tileBlocks = ceilingQuotient(tiles, max(28, 150_000 / (transform.products * (x.stride + min(y.stride, 256)))))
      panelBlocks = ceilingQuotient(panels, 16)
      // Enough items for the workers: tiles are cut down to what makes up a register tile, then panels. Each block of tiles has the
      // weights come by: many weights are rather cut than fetched twice.
      let isBound = transformedWeights > 250_000 && tiles <= 64
      if isBound {
        tileBlocks = ceilingQuotient(tiles, 28)
      } else if tileBlocks * panelBlocks < 8 {
        tileBlocks = max(tileBlocks, min(8 / panelBlocks, ceilingQuotient(tiles, 14)))
      }
      if tileBlocks * panelBlocks < 8 {
        panelBlocks = max(panelBlocks, min(8 / tileBlocks, ceilingQuotient(panels, 2)))
      }
    }
    tileBlock = max(1, ceilingQuotient(tiles, tileBlocks))
    panelBlock = max(1, ceilingQuotient(panels, panelBlocks))
  }

  package func kernel(in table: KernelTable) -> Kernel { table.winogradConvolution }

  /// The calls that compute it from untransformed weights.
  package func calls(
    x: CallOperand, weights: CallOperand, y: CallOperand, epilogueOperands: [CallOperand], places: CallOperand? = nil
  ) -> KernelSequence {
    let last = epilogueOperands + (places.map { [$0] } ?? [])
    if transformsWeights { return KernelSequence([KernelCall(self, operands: [x, weights, y] + last)]) }
    let transformed = weightsAreFixed ? CallOperand.prepared(byteOffset: 0) : .workspace(byteOffset: 0)
    let transform = KernelCall(self.weights, operands: [weights, transformed])
    let product = KernelCall(self, operands: [x, transformed, y] + last)
    return weightsAreFixed
      ? KernelSequence([product], preparation: [transform], preparedBytes: self.weights.resultBytes)
      : KernelSequence([transform, product], workspaceBytes: self.weights.resultBytes)
  }

  /// The transform of its weights.
  package var weights: WinogradWeightsParameters {
    let (inputs, outputs) = isGradient ? (y.channels, x.channels) : (x.channels, y.channels)
    return WinogradWeightsParameters(transform, inputs: inputs, outputs: outputs, isForGradient: isGradient)
  }

  /// The tiles of an image, down and across.
  package var tileRows: Int { ceilingQuotient(y.height, transform.outputs) }
  package var tileColumns: Int { ceilingQuotient(y.width, transform.outputs) }
  package var tiles: Int { images * tileRows * tileColumns }
  package var panels: Int { ceilingQuotient(y.channels, 16) }
  package var panelBlocks: Int { ceilingQuotient(panels, panelBlock) }

  package var items: Int { sumParts * panelBlocks }
  /// Blocks of tiles.
  package var sumParts: Int { ceilingQuotient(tiles, tileBlock) }
  package var sumPanels: Int { panels }

  /// The distances between the rows (tiles) and the matrices (points) of the transformed inputs in scratch.
  package var inputRowStride: Int { oddLines(x.channels) }
  package var inputMatrixStride: Int { oddLines(tileBlock * inputRowStride) }
  /// The same of the products.
  package var productRowStride: Int { oddLines(16 * panelBlock) }
  package var productMatrixStride: Int { oddLines(tileBlock * productRowStride) }
  /// The distance between the matrices of transformed weights.
  package var weightMatrixStride: Int {
    transformsWeights ? oddLines(panelBlock * depthBlock * 16) : weights.matrixStride
  }

  /// Transformed inputs, products, a tile being transformed, the addresses of its pixels, a pixel of zeros; then
  /// transformed weights and what their transform takes.
  package var scratchBytes: Int {
    let products = transform.products
    return 4 * (products * (inputMatrixStride + productMatrixStride + 16) + ceilingQuotient(x.channels, 16) * 16)
      + 8 * transform.addressCount
      + (transformsWeights ? 4 * products * weightMatrixStride + weights.scratchBytes : 0)
  }

  /// Those of the direct convolution, so that figures compare.
  package var flops: Double {
    let taps = Double(transform.taps * transform.taps)
    return 2 * taps * Double(images) * Double(y.height * y.width) * Double(x.channels) * Double(y.channels)
  }
}
