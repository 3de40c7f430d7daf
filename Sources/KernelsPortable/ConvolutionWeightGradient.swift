import CPUDetection
import KernelContract

/// The kernel of `ConvolutionWeightGradientParameters`.
func convolutionWeightGradient(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let gradient = WeightGradient(context)
  for item in first..<end { gradient.run(item) }
}

/// One call of the weight gradient, with its operands unpacked.
private struct WeightGradient {
  let p: ConvolutionWeightGradientParameters
  let shape: Conv2DShape
  let x: UnsafePointer<Float>
  let dy: UnsafePointer<Float>
  /// `x`, where it is bytes.
  let bytes: BytePixels?
  let normalization: NormalizedPixels?
  /// What `dy` says of the whole output, where it is the gradient of maxima.
  let spread: SpreadPixels?
  let partial: UnsafeMutablePointer<Float>
  let step: OptimizerStep
  let hasUpdate: Bool
  let inputScratch: UnsafeMutablePointer<Float>
  let outputScratch: UnsafeMutablePointer<Float>
  let blockScratch: UnsafeMutablePointer<Float>
  let outputRows: Int
  let outputColumns: Int
  let taps: Int

  init(_ context: borrowing KernelContext) {
    p = context.parameters.load(as: ConvolutionWeightGradientParameters.self)
    shape = p.shape
    x = UnsafePointer(context.floats(0))
    dy = UnsafePointer(context.floats(1))
    bytes = BytePixels(shape.bytes, context.operands[0], channels: shape.inputs)
    let next = p.isSpread ? 3 : 2
    spread =
      p.isSpread
      ? SpreadPixels(
        dy, places: context.operands[2], height: shape.height.output, width: shape.width.output,
        pixel: shape.outputPixel) : nil
    normalization = NormalizedPixels(p.normalization, context, first: next)
    let first = next + p.normalization.operandCount
    partial = context.floats(first)
    step = OptimizerStep(p.update, context, first: first)
    hasUpdate = p.update.kind != .none
    inputScratch = context.scratch.assumingMemoryBound(to: Float.self)
    outputScratch = inputScratch + p.inputFloats
    blockScratch = outputScratch + p.outputFloats
    outputRows = shape.height.output
    outputColumns = shape.width.output
    taps = shape.taps
  }

  /// The part of the weights that one item computes, with its place in memory.
  struct Block {
    var group: Int
    var firstChannel: Int
    var channels: Int
    var firstPanel: Int
    var panels: Int
    /// The sums of the first tap, channel and panel; floats from one tap, and from one panel, to the next.
    var sums: UnsafeMutablePointer<Float>
    var tapStride: Int
    var panelStride: Int
  }

  /// Computes a block of one split's gradient, band after band, and applies the update to it.
  func run(_ item: Int) {
    let blocks = p.channelBlocks * p.panelBlocks
    let group = item / blocks % shape.groups
    let split = item / (blocks * shape.groups)
    let firstChannel = item % p.channelBlocks * p.channelBlock
    let firstPanel = item / p.channelBlocks % p.panelBlocks * p.panelBlock
    let channels = min(p.channelBlock, shape.inputs - firstChannel)
    let panels = min(p.panelBlock, shape.outputPanels - firstPanel)
    let inPlace =
      UnsafeMutablePointer(partial) + split * shape.weightCount + weightIndex(group, firstPanel, firstChannel)
    let block = Block(
      group: group, firstChannel: firstChannel, channels: channels, firstPanel: firstPanel, panels: panels,
      sums: hasUpdate ? blockScratch : inPlace, tapStride: (hasUpdate ? channels : shape.inputs) * lanes,
      panelStride: (hasUpdate ? channels : shape.inputs) * lanes * taps)

    let bands = p.bands
    let units = shape.batch * bands
    let firstUnit = units * split / p.splits
    let endUnit = units * (split + 1) / p.splits
    var unit = firstUnit
    while unit < endUnit {
      let images = bands == 1 ? min(p.bandImages, endUnit - unit) : 1
      let firstRow = unit % bands * p.bandRows
      add(
        block, firstImage: unit / bands, images: images, firstRow: firstRow,
        rows: min(p.bandRows, outputRows - firstRow), accumulates: unit > firstUnit || p.adds)
      unit += images
    }
    guard hasUpdate else { return }
    for panel in 0..<panels {
      for tap in 0..<taps {
        step.apply(
          UnsafePointer(blockScratch + panel * block.panelStride + tap * block.tapStride),
          start: weightIndex(group, firstPanel + panel, firstChannel) + tap * shape.inputs * lanes,
          count: channels * lanes)
      }
    }
  }

  /// Where the weights of a channel's first tap start in a panel.
  private func weightIndex(_ group: Int, _ panel: Int, _ channel: Int) -> Int {
    ((group * shape.outputPanels + panel) * taps * shape.inputs + channel) * lanes
  }

  /// Adds the output rows `firstRow ..< firstRow + rows` of some images to a block.
  private func add(_ block: Block, firstImage: Int, images: Int, firstRow: Int, rows: Int, accumulates: Bool) {
    let height = shape.height
    let width = shape.width
    let top = firstRow * height.stride - height.before
    let band = ConvolutionBand(
      rows: top..<top + (rows - 1) * height.stride + (height.kernel - 1) * height.dilation + 1,
      columns: -width.before..<(outputColumns - 1) * width.stride + (width.kernel - 1) * width.dilation + 1
        - width.before,
      pixel: p.bandPixel, padding: shape.padding)
    let pixels = images * rows * outputColumns
    // A line of room between panels, so that they do not all fall on one set of the cache.
    let panelStride = (pixels + 1) * lanes
    for i in 0..<images {
      let image = firstImage + i
      let firstPixel = image * height.input * width.input
      let copy = inputScratch + i * band.count
      if let bytes {
        band.copy(bytes, first: firstPixel, height: height.input, width: width.input, to: copy)
      } else {
        let firstInput = block.group * shape.inputs + block.firstChannel
        let floats = FloatPixels(
          source: x + firstInput, pixel: shape.inputPixel, channels: block.channels,
          normalization: normalization?.from(firstInput))
        band.copy(floats, first: firstPixel, height: height.input, width: width.input, to: copy)
      }
      let firstOutput = block.group * shape.outputs + block.firstPanel * lanes
      let outputs = min(block.panels * lanes, shape.outputs - block.firstPanel * lanes)
      let to = outputScratch + i * rows * outputColumns * lanes
      if let spread {
        for row in 0..<rows {
          spread.storeRow(
            firstRow + row, of: image, columns: 0..<outputColumns, firstChannel: firstOutput, channels: outputs,
            to: to + row * outputColumns * lanes, pixelStride: lanes, vectorStride: panelStride)
        }
      } else {
        packPanels(
          dy + (image * outputRows + firstRow) * outputColumns * shape.outputPixel + firstOutput,
          .rowMajor(shape.outputPixel), steps: rows * outputColumns, columns: outputs, to: to, panelStride: panelStride)
      }
    }

    // Where a register tile has one panel, the pixels of a panel stay in the first-level cache while the channels pass by.
    var part = (images: images, rows: rows)
    if tilePanels == 1 {
      part.rows = min(rows, max(1, pixelsOfPanels / outputColumns))
      part.images = part.rows < rows ? 1 : min(images, max(1, pixelsOfPanels / (rows * outputColumns)))
    }
    for image in stride(from: 0, to: images, by: part.images) {
      for row in stride(from: 0, to: rows, by: part.rows) {
        let place = (image * rows + row) * outputColumns * lanes
        multiply(
          block, band, inputScratch + (image * band.count + row * shape.height.stride * band.rowStride),
          UnsafePointer(outputScratch + place), panelStride: panelStride, images: min(part.images, images - image),
          imageStride: rows * outputColumns * lanes, rows: min(part.rows, rows - row),
          accumulates: accumulates || image > 0 || row > 0)
      }
    }
  }

  /// Adds the products of some rows of some images, which start at `input` and `slopes`, to a block.
  private func multiply(
    _ block: Block, _ band: ConvolutionBand, _ input: UnsafePointer<Float>, _ slopes: UnsafePointer<Float>,
    panelStride: Int, images: Int, imageStride: Int, rows: Int, accumulates: Bool
  ) {
    let (height, width) = (shape.height, shape.width)
    // With a single tap and no stride the pixels of all rows and images follow one another.
    let isPlain = taps == 1 && width.stride == 1 && height.stride == 1
    let contraction = Contraction(
      steps: isPlain ? images * rows * outputColumns : outputColumns, aStep: width.stride * band.pixel, bStep: lanes,
      aRow: 1, bPanel: panelStride, cRow: lanes, cPanel: block.panelStride, segments: isPlain ? 1 : rows,
      aSegment: height.stride * band.rowStride, bSegment: outputColumns * lanes, outerSegments: isPlain ? 1 : images,
      aOuter: band.count, bOuter: imageStride, accumulates: accumulates, streams: tilePanels > 1)
    let mergesTaps = width.dilation == 1 && band.pixel == block.channels && block.tapStride == block.channels * lanes
    let tapGroups = mergesTaps ? 1 : width.kernel
    let inputs = mergesTaps ? width.kernel * block.channels : block.channels
    for tapRow in 0..<height.kernel {
      for tapColumn in 0..<tapGroups {
        let a = input + tapRow * height.dilation * band.rowStride + tapColumn * width.dilation * band.pixel
        let c = block.sums + (tapRow * width.kernel + tapColumn) * block.tapStride
        if tilePanels == 1 {
          multiplyPanelsFirst(contraction, a, slopes, c, inputs: inputs, block)
        } else {
          multiplyRowsFirst(contraction, a, slopes, c, inputs: inputs, block)
        }
      }
    }
  }

  private func multiplyPanelsFirst(
    _ contraction: Contraction, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    inputs: Int, _ block: Block
  ) {
    var shape = contraction
    for panel in 0..<block.panels {
      var tiles = Tiles(inputs, most: tileRows)
      while let equal = tiles.nextEqual() {
        if shape.accumulates { shape.cAhead = equal.size * lanes }
        shape.tiles(
          equal.count, rows: equal.size, panels: 1, a + equal.first, b + panel * shape.bPanel,
          c + equal.first * lanes + panel * block.panelStride)
      }
    }
  }

  private func multiplyRowsFirst(
    _ contraction: Contraction, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    inputs: Int, _ block: Block
  ) {
    var tiles = Tiles(inputs, most: tileRows)
    while let tile = tiles.next() {
      var panel = 0
      while panel < block.panels {
        let count = min(tilePanels, block.panels - panel)
        if contraction.accumulates {
          // The sums of the next tile: the next panels of these rows, or the first of the next rows.
          let isLast = panel + count == block.panels
          let next = c + (isLast ? tile.first + tile.count : tile.first) * lanes
          for p in 0..<count {
            let sums = next + (isLast ? p : panel + count + p) * block.panelStride
            for r in 0..<tile.count { netc_prefetch(sums + r * lanes) }
          }
        }
        contraction.tile(
          rows: tile.count, panels: count, a + tile.first, b + panel * contraction.bPanel,
          c + tile.first * lanes + panel * block.panelStride)
        panel += count
      }
    }
  }
}

/// As many pixels as leave room for both operands' lines in the first-level cache.
private let pixelsOfPanels = 160
