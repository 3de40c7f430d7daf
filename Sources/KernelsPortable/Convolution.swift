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
  /// The source, where it is bytes.
  let bytes: BytePixels?
  let normalization: NormalizedPixels?
  /// Takes sums of each row of pixels, or where a row comes in phases of a whole band at its end.
  let tally: ResultTally?
  let hasPhases: Bool
  /// What stores the maxima alone, where only they are wanted.
  let maxima: WindowMaxima?
  /// The source, where it is the gradient of maxima.
  let spread: SpreadPixels?
  /// A tile whose lanes go to the result one by one, or the sums of a strip; then the copied band.
  let tileScratch: UnsafeMutablePointer<Float>
  let bandScratch: UnsafeMutablePointer<Float>
  let taps: Int
  let storesWholePanels: Bool

  init(_ context: borrowing KernelContext) {
    p = context.parameters.load(as: ConvolutionParameters.self)
    source = UnsafePointer(context.floats(0))
    weights = UnsafePointer(context.floats(1))
    result = context.floats(2)
    bytes = BytePixels(p.bytes, context.operands[0], channels: p.sourceChannels)
    epilogue = TileEpilogue(p.epilogue, context, first: 3)
    hasPhases = p.height.phases * p.width.phases > 1
    let places = p.pooling.hasPlaces ? context.operands[3 + p.epilogue.operandCount] : nil
    let next = 3 + p.epilogue.operandCount + (places == nil ? 0 : 1)
    normalization = NormalizedPixels(p.normalization, context, first: next)
    tally = ResultTally(p.sums, panels: p.sumPanels, context, first: next + p.normalization.operandCount)
    switch p.pooling {
    case .none: (maxima, spread) = (nil, nil)
    case .maxima, .recordedMaxima:
      maxima = WindowMaxima(
        result: result, places: places?.assumingMemoryBound(to: UInt8.self), epilogue: epilogue,
        resultPixel: p.resultPixel)
      spread = nil
    case .spreadGradient:
      maxima = nil
      spread = SpreadPixels(
        source, places: context.operands[3 + p.epilogue.operandCount], height: p.height.sourceExtent,
        width: p.width.sourceExtent, pixel: p.sourcePixel)
    }
    storesWholePanels = p.storesWholePanels
    tileScratch = context.scratch.assumingMemoryBound(to: Float.self)
    bandScratch = tileScratch + p.sumFloats
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
          if let maxima {
            storeMaxima(maxima, rows, y, x, pixels, image: image, group: group, panel: panel, panels: count)
          } else {
            computeRows(
              rows, y, x, pixels, tallyPart: part, image: image, group: group, panel: panel, panels: count)
          }
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
    let first = image * height * width
    let from = source + group * p.sourceChannels
    guard p.copiesSource else {
      return Pixels(origin: from + first * p.sourcePixel, pixel: p.sourcePixel, row: width * p.sourcePixel)
    }
    let band = ConvolutionBand(
      rows: p.height.sourceRange(firstRow, endRow), columns: p.width.sourceRange(0, p.width.resultExtent),
      pixel: p.bandPixel, padding: p.padding)
    if let spread {
      for (number, row) in band.rows.enumerated() {
        spread.storeRow(
          row, of: image, columns: band.columns, firstChannel: group * p.sourceChannels, channels: p.sourceChannels,
          to: bandScratch + number * band.rowStride, pixelStride: band.pixel, vectorStride: lanes)
      }
    } else if let bytes {
      band.copy(bytes, first: first, height: height, width: width, to: bandScratch)
    } else {
      let floats = FloatPixels(
        source: from, pixel: p.sourcePixel, channels: p.sourceChannels,
        normalization: normalization?.from(group * p.sourceChannels))
      band.copy(floats, first: first, height: height, width: width, to: bandScratch)
    }
    let origin = bandScratch - band.rows.lowerBound * band.rowStride - band.columns.lowerBound * band.pixel
    return Pixels(origin: UnsafePointer(origin), pixel: band.pixel, row: band.rowStride)
  }

  /// Computes the sums of a few rows at a time and stores the maxima of their windows, for the panels of one tile.
  private func storeMaxima(
    _ maxima: WindowMaxima, _ rows: Range<Int>, _ y: ConvolutionAxis.Phase, _ x: ConvolutionAxis.Phase,
    _ pixels: Pixels, image: Int, group: Int, panel: Int, panels: Int
  ) {
    let windows = x.count / 2
    let pixel = tilePanels * lanes
    for first in stride(from: rows.lowerBound, to: rows.upperBound, by: p.stripRows) {
      let end = min(first + p.stripRows, rows.upperBound)
      computeRows(
        first..<end, y, x, pixels, tallyPart: 0, image: image, group: group, panel: panel, panels: panels,
        toStrip: true)
      for row in stride(from: first, to: end, by: 2) {
        let line = (image * p.height.resultExtent + row) / 2 * windows
        maxima.store(
          tileScratch + (row - first) * x.count * pixel, pixel: pixel, windows: windows, panels: panels,
          at: line * p.resultPixel + group * p.resultChannels + panel * lanes,
          column: group * p.resultChannels + panel * lanes)
      }
    }
  }

  /// Computes the result pixels of one phase in some rows, for the panels of one tile; `toStrip`: in scratch, before the
  /// activation.
  private func computeRows(
    _ rows: Range<Int>, _ y: ConvolutionAxis.Phase, _ x: ConvolutionAxis.Phase, _ pixels: Pixels, tallyPart: Int,
    image: Int, group: Int, panel: Int, panels: Int, toStrip: Bool = false
  ) {
    let channels = p.sourceChannels
    let panelFloats = taps * channels * lanes
    // Taps of a row whose pixels are neighbours make one run of floats, in the source and in the weights.
    let merges = pixels.pixel == channels && x.sourceTapStep == 1 && x.tapStep == 1
    let hasTaps = y.taps > 0 && x.taps > 0
    let resultRow = p.width.resultExtent * p.resultPixel
    let shape = Contraction(
      steps: merges ? x.taps * channels : channels, aStep: 1, bStep: lanes, aRow: x.sourceStep * pixels.pixel,
      bPanel: panelFloats, cRow: toStrip ? tilePanels * lanes : p.width.phases * p.resultPixel, cPanel: lanes,
      segments: merges ? 1 : x.taps, aSegment: x.sourceTapStep * pixels.pixel,
      bSegment: x.tapStep * channels * lanes,
      outerSegments: hasTaps ? y.taps : 0, aOuter: y.sourceTapStep * pixels.row,
      bOuter: y.tapStep * p.width.kernel * channels * lanes)
    let b =
      weights + (group * p.panels + panel) * panelFloats
      + (hasTaps ? (y.firstTap * p.width.kernel + x.firstTap) * channels * lanes : 0)
    let cStride = toStrip ? x.count * shape.cRow : p.height.phases * resultRow
    let cStart =
      toStrip
      ? -rows.lowerBound * cStride
      : (image * p.height.resultExtent + y.first) * resultRow + x.first * p.resultPixel + group * p.resultChannels
        + panel * lanes
    let column = group * p.resultChannels + panel * lanes
    // A register of AVX-512 multiplies twice as often with what it loads: there panels come fast enough from the second-level cache.
    var parts = ContractionParts(
      shape, isCut: tilePanels == 1 && storesWholePanels && rows.count * x.count > 4 * tileRows)
    while let part = parts.next() {
      var shape = part.shape
      let isFinished = part.isLast && !toStrip
      epilogue.prepare(&shape, column: column, isLast: isFinished)
      let run = Rows(
        rows: rows, count: x.count, a: pixels.origin + (y.source * pixels.row + x.source * pixels.pixel + part.a),
        aStride: y.sourceStep * pixels.row, b: b + part.b, base: toStrip ? tileScratch : result, c: cStart,
        cStride: cStride, column: column, channels: p.resultChannels - panel * lanes, panels: panels,
        isFinished: isFinished)
      multiply(shape, run, tally: hasPhases || !part.isLast ? nil : tally, tallyPart: tallyPart)
    }
  }

  /// Rows of result pixels and what they are made of: row `q` of the source at `a + q * aStride`, of the result at `c + q * cStride` from
  /// `base` on.
  private struct Rows {
    let rows: Range<Int>
    /// The pixels of each.
    let count: Int
    let a: UnsafePointer<Float>
    let aStride: Int
    let b: UnsafePointer<Float>
    let base: UnsafeMutablePointer<Float>
    let c: Int
    let cStride: Int
    /// The first channel of the result, how many there are from it to the end of its group, and the panels of a tile.
    let column: Int
    let channels: Int
    let panels: Int
    /// Whether these are the last products of the sums, so that the epilogue follows.
    let isFinished: Bool
  }

  /// Adds the products of `shape` to all pixels.
  @inline(__always)
  private func multiply(_ block: Contraction, _ run: Rows, tally: ResultTally?, tallyPart: Int) {
    var shape = block
    let paired = storesWholePanels ? pairedPixels(run.count) : 0
    // Sums follow one row behind: the lines of the last one are still on their way to the cache.
    var summed = run.rows.lowerBound
    var q = run.rows.lowerBound
    while q < run.rows.upperBound {
      while let tally, q - summed > 1 {
        addSums(tally, tallyPart, run, row: summed, pixel: shape.cRow)
        summed += 1
      }
      let isPair = paired > 0 && q + 1 < run.rows.upperBound
      if isPair {
        let c = run.c + q * run.cStride
        shape.cAhead = 0
        shape.tile(
          rows: 2 * paired, panels: run.panels, run.a + q * run.aStride, run.b, run.base + c, aSecond: run.aStride,
          cSecond: run.cStride)
        finish(c, run, rows: paired, rowStride: shape.cRow)
        finish(c + run.cStride, run, rows: paired, rowStride: shape.cRow)
      }
      for row in q..<(isPair ? q + 2 : q + 1) {
        let first = isPair ? paired : 0
        var tiles = Tiles(run.count - first, most: tileRows)
        while let equal = tiles.nextEqual() {
          let a = run.a + (row * run.aStride + (first + equal.first) * shape.aRow)
          let c = run.c + row * run.cStride + (first + equal.first) * shape.cRow
          let tile = (a: equal.size * shape.aRow, c: equal.size * shape.cRow)
          if storesWholePanels {
            if shape.accumulates { shape.cAhead = tile.c }
            shape.tiles(equal.count, rows: equal.size, panels: run.panels, a, run.b, run.base + c)
            finish(c, run, rows: equal.count * equal.size, rowStride: shape.cRow)
          } else {
            for i in 0..<equal.count { storeLanes(shape, a + i * tile.a, run, rows: equal.size, at: c + i * tile.c) }
          }
        }
      }
      q += isPair ? 2 : 1
    }
    while let tally, summed < run.rows.upperBound {
      addSums(tally, tallyPart, run, row: summed, pixel: shape.cRow)
      summed += 1
    }
  }

  /// The first pixels of a row that make a tile with those of the next: all of at most half a tile; where registers are few and the
  /// tiles of a row would be that small, those of the smallest (7 pixels are 3 with those of the next row, and 4).
  @inline(__always)
  private func pairedPixels(_ count: Int) -> Int {
    let tiles = ceilingQuotient(count, tileRows)
    let least = count / max(1, tiles)
    return least <= tileRows / 2 && (tiles == 1 || tilePanels == 1) ? least : 0
  }

  @inline(__always)
  private func addSums(_ tally: ResultTally, _ part: Int, _ run: Rows, row: Int, pixel: Int) {
    tally.add(
      part, firstPanel: run.column / lanes, panels: run.panels, at: run.c + row * run.cStride, count: run.count,
      pixel: pixel)
  }

  @inline(__always)
  private func finish(_ offset: Int, _ run: Rows, rows: Int, rowStride: Int) {
    if epilogue.isInRegisters || !run.isFinished { return }
    epilogue.apply(result, offset: offset, column: run.column, rows: rows, panels: run.panels, rowStride: rowStride)
  }

  /// Computes a tile in scratch and copies the lanes that belong to the group.
  private func storeLanes(_ shape: Contraction, _ a: UnsafePointer<Float>, _ run: Rows, rows: Int, at offset: Int) {
    var inScratch = shape
    inScratch.cRow = tilePanels * lanes
    inScratch.tile(rows: rows, panels: run.panels, a, run.b, tileScratch)
    let columns = min(run.panels * lanes, run.channels)
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
