import CPUDetection
import KernelContract

/// The kernel of `ConvolutionParameters`.
func convolution(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let pass = ConvolutionPass(context)
  for item in first..<end { pass.run(item) }
}

/// One call of a convolution pass, with its operands unpacked.
private struct ConvolutionPass {
  let p: ConvolutionParameters
  let source: UnsafePointer<Float>
  let weights: UnsafePointer<Float>
  let result: UnsafeMutablePointer<Float>
  let epilogue: TileEpilogue
  /// Takes sums of each row of pixels, or where a row comes in phases of a whole band at its end.
  let tally: ResultTally?
  let hasPhases: Bool
  /// A tile whose lanes go to the result one by one; then the copied band.
  let tileScratch: UnsafeMutablePointer<Float>
  let bandScratch: UnsafeMutablePointer<Float>
  let taps: Int
  let storesWholePanels: Bool

  init(_ context: borrowing KernelContext) {
    p = context.parameters.load(as: ConvolutionParameters.self)
    source = UnsafePointer(context.floats(0))
    weights = UnsafePointer(context.floats(1))
    result = context.floats(2)
    epilogue = TileEpilogue(p.epilogue, context.operands, first: 3)
    hasPhases = p.height.phases * p.width.phases > 1
    tally = ResultTally(p.sums, panels: p.sumPanels, context, first: 3 + p.epilogue.operandCount)
    storesWholePanels = p.storesWholePanels
    tileScratch = context.scratch.assumingMemoryBound(to: Float.self)
    bandScratch = tileScratch + (storesWholePanels ? 0 : 16 * 32)
    taps = p.height.kernel * p.width.kernel
  }

  /// Where the pixels of an item lie: the address of source pixel (0, 0), which may lie outside of the copy.
  struct Pixels {
    var origin: UnsafePointer<Float>
    var pixel: Int
    var row: Int
  }

  /// Computes a band of rows of one image for a block of panels. Consecutive items share the panels, so that their
  /// weights stay in the second-level cache.
  func run(_ item: Int) {
    let bands = p.bands
    let band = item % bands
    let image = item / bands % p.batch
    let block = item / (bands * p.batch)
    let blocks = ceilingQuotient(p.panels, p.panelBlock)
    let group = block / blocks
    let firstPanel = block % blocks * p.panelBlock
    let endPanel = min(firstPanel + p.panelBlock, p.panels)
    let firstRow = band * p.bandRows
    let endRow = min(firstRow + p.bandRows, p.height.resultExtent)
    let pixels = sourcePixels(image: image, group: group, firstRow: firstRow, endRow: endRow)
    let part = image * bands + band
    tally?.clear(part, firstPanel: group * p.panels + firstPanel, panels: endPanel - firstPanel)

    for phaseY in 0..<p.height.phases {
      let y = p.height.phase(phaseY)
      let rows =
        firstRow
        / p.height.phases..<max(
          firstRow / p.height.phases, ceilingQuotient(endRow - phaseY, p.height.phases))
      for phaseX in 0..<p.width.phases {
        let x = p.width.phase(phaseX)
        var panel = firstPanel
        while panel < endPanel {
          let count = min(tilePanels, endPanel - panel)
          computeRows(rows, y, x, pixels, part: part, image: image, group: group, panel: panel, panels: count)
          panel += count
        }
      }
    }
    guard let tally, hasPhases else { return }
    for row in firstRow..<endRow {
      let pixels = (image * p.height.resultExtent + row) * p.width.resultExtent
      tally.add(
        part, firstPanel: group * p.panels + firstPanel, panels: endPanel - firstPanel,
        at: pixels * p.resultPixel + group * p.resultChannels + firstPanel * lanes, count: p.width.resultExtent,
        pixel: p.resultPixel)
    }
  }

  /// The source of an item: the tensor itself, or a copied band.
  private func sourcePixels(image: Int, group: Int, firstRow: Int, endRow: Int) -> Pixels {
    let height = p.height.sourceExtent
    let width = p.width.sourceExtent
    let from = source + image * height * width * p.sourcePixel + group * p.sourceChannels
    guard p.copiesSource else { return Pixels(origin: from, pixel: p.sourcePixel, row: width * p.sourcePixel) }
    let band = ConvolutionBand(
      rows: p.height.sourceRange(firstRow, endRow), columns: p.width.sourceRange(0, p.width.resultExtent),
      channels: p.sourceChannels, pixel: p.bandPixel, padding: p.padding)
    band.copy(from, sourcePixel: p.sourcePixel, height: height, width: width, to: bandScratch)
    let origin = bandScratch - band.rows.lowerBound * band.rowStride - band.columns.lowerBound * band.pixel
    return Pixels(origin: UnsafePointer(origin), pixel: band.pixel, row: band.rowStride)
  }

  /// Computes the result pixels of one phase in some rows, for the panels of one tile.
  private func computeRows(
    _ rows: Range<Int>, _ y: ConvolutionAxis.Phase, _ x: ConvolutionAxis.Phase, _ pixels: Pixels, part: Int,
    image: Int, group: Int, panel: Int, panels: Int
  ) {
    let channels = p.sourceChannels
    let panelFloats = taps * channels * lanes
    // Taps of a row whose pixels are neighbours make one run of floats, in the source and in the weights.
    let merges = pixels.pixel == channels && x.sourceTapStep == 1 && x.tapStep == 1
    let hasTaps = y.taps > 0 && x.taps > 0
    let resultRow = p.width.resultExtent * p.resultPixel
    var shape = Contraction(
      steps: merges ? x.taps * channels : channels, aStep: 1, bStep: lanes, aRow: x.sourceStep * pixels.pixel,
      bPanel: panelFloats, cRow: p.width.phases * p.resultPixel, cPanel: lanes, segments: merges ? 1 : x.taps,
      aSegment: x.sourceTapStep * pixels.pixel, bSegment: x.tapStep * channels * lanes,
      outerSegments: hasTaps ? y.taps : 0, aOuter: y.sourceTapStep * pixels.row,
      bOuter: y.tapStep * p.width.kernel * channels * lanes)
    let b =
      weights + (group * p.panels + panel) * panelFloats
      + (hasTaps ? (y.firstTap * p.width.kernel + x.firstTap) * channels * lanes : 0)
    let cStart =
      (image * p.height.resultExtent + y.first) * resultRow + x.first * p.resultPixel + group * p.resultChannels
      + panel * lanes
    let cRows = p.height.phases * resultRow
    let aRows = y.sourceStep * pixels.row
    let column = group * p.resultChannels + panel * lanes
    let tally = hasPhases ? nil : tally
    epilogue.prepare(&shape, column: column)

    // Rows of at most half a tile are taken two at a time.
    let pairs = x.count <= tileRows / 2 && storesWholePanels
    // Sums follow one row behind: the lines of the last one are still on their way to the cache.
    var summed = rows.lowerBound
    var q = rows.lowerBound
    while q < rows.upperBound {
      while let tally, q - summed > 1 {
        tally.add(
          part, firstPanel: column / lanes, panels: panels, at: cStart + summed * cRows, count: x.count,
          pixel: shape.cRow)
        summed += 1
      }
      let aRow = pixels.origin + (y.source + q * y.sourceStep) * pixels.row + x.source * pixels.pixel
      let cRow = cStart + q * cRows
      if pairs && q + 1 < rows.upperBound {
        shape.tile(
          rows: 2 * x.count, panels: panels, aRow, b, result + cRow, aSecond: aRows, cSecond: cRows)
        finish(cRow, column, rows: x.count, panels: panels, rowStride: shape.cRow)
        finish(cRow + cRows, column, rows: x.count, panels: panels, rowStride: shape.cRow)
        q += 2
        continue
      }
      var tiles = Tiles(x.count, most: tileRows)
      while let tile = tiles.next() {
        let a = aRow + tile.first * shape.aRow
        let c = cRow + tile.first * shape.cRow
        if storesWholePanels {
          shape.tile(rows: tile.count, panels: panels, a, b, result + c)
          finish(c, column, rows: tile.count, panels: panels, rowStride: shape.cRow)
        } else {
          storeLanes(shape, a, b, rows: tile.count, panel: panel, panels: panels, at: c)
        }
      }
      q += 1
    }
    while let tally, summed < rows.upperBound {
      tally.add(
        part, firstPanel: column / lanes, panels: panels, at: cStart + summed * cRows, count: x.count,
        pixel: shape.cRow)
      summed += 1
    }
  }

  @inline(__always)
  private func finish(_ offset: Int, _ column: Int, rows: Int, panels: Int, rowStride: Int) {
    if epilogue.isInRegisters { return }
    epilogue.apply(result, offset: offset, column: column, rows: rows, panels: panels, rowStride: rowStride)
  }

  /// Computes a tile in scratch and copies the lanes that belong to the group.
  private func storeLanes(
    _ shape: Contraction, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, rows: Int, panel: Int, panels: Int,
    at offset: Int
  ) {
    var inScratch = shape
    inScratch.cRow = tilePanels * lanes
    inScratch.tile(rows: rows, panels: panels, a, b, tileScratch)
    let columns = min(panels * lanes, p.resultChannels - panel * lanes)
    for r in 0..<rows {
      copyFloats(
        UnsafePointer(tileScratch + r * inScratch.cRow), result + offset + r * shape.cRow, count: columns)
    }
  }
}

/// The kernel of `ConvolutionTransposeParameters`; an item is one tap of one panel.
func convolutionTranspose(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: ConvolutionTransposeParameters.self)
  let weights = UnsafePointer(context.floats(0))
  let result = context.floats(1)
  let inputPanels = ceilingQuotient(p.inputs, lanes)
  let outputPanels = ceilingQuotient(p.outputs, lanes)
  for item in first..<end {
    let tap = item % p.taps
    let panel = item / p.taps % inputPanels
    let group = item / (p.taps * inputPanels)
    for block in 0..<outputPanels {
      let from =
        weights + (((group * outputPanels + block) * p.taps + p.taps - 1 - tap) * p.inputs + panel * lanes) * lanes
      let to = result + (item * p.outputs + block * lanes) * lanes
      // The next blocks lie a whole panel away each.
      for i in 0..<lanes { netc_prefetch(from + 2 * p.taps * p.inputs * lanes + i * lanes) }
      transposeBlock(
        from, rowStride: lanes, rows: min(lanes, p.inputs - panel * lanes),
        columns: min(lanes, p.outputs - block * lanes),
        to: to, resultStride: lanes)
    }
  }
}
