import KernelContract

/// The kernel of `WinogradWeightGradientParameters`; an item is a block of channel pairs over one split of the tiles.
func winogradWeightGradient(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: WinogradWeightGradientParameters.self)
  for item in first..<end {
    switch p.transform {
    case .f4x3: WinogradWeightGradient<6, 4, 3>(p, context).run(item)
    case .f2x5: WinogradWeightGradient<6, 2, 5>(p, context).run(item)
    case .f2x3: WinogradWeightGradient<4, 2, 3>(p, context).run(item)
    }
  }
}

/// One call, with its operands unpacked: tiles of `n * n` inputs and `m * m` gradients of outputs, `k * k` taps.
private struct WinogradWeightGradient<let n: Int, let m: Int, let k: Int> {
  let p: WinogradWeightGradientParameters
  let xTiles: WinogradTiles
  let dyTiles: WinogradTiles
  /// Those of the maxima whose gradient `dy` is, where it is.
  let places: UnsafePointer<UInt8>?
  let normalization: NormalizedPixels?
  let partial: UnsafeMutablePointer<Float>
  /// Matrices at the `n * n` points: sums (inputs × outputs), and transformed tiles of both images, a row per tile.
  let sums: UnsafeMutablePointer<Float>
  let inputs: UnsafeMutablePointer<Float>
  let filters: UnsafeMutablePointer<Float>
  let temporary: UnsafeMutablePointer<Float>

  init(_ p: WinogradWeightGradientParameters, _ context: borrowing KernelContext) {
    self.p = p
    partial = context.floats(2)
    places = p.isSpread ? UnsafePointer(context.operands[3].assumingMemoryBound(to: UInt8.self)) : nil
    normalization = NormalizedPixels(p.normalization, context, first: p.isSpread ? 4 : 3)
    sums = context.scratch.assumingMemoryBound(to: Float.self)
    inputs = sums + n * n * p.sumMatrixStride
    filters = inputs + n * n * p.inputMatrixStride
    temporary = filters + n * n * p.filterMatrixStride
    let zeros = temporary + n * n * lanes
    let zeroCount = max(p.inputBlock, p.panelBlock * lanes)
    for i in 0..<zeroCount { zeros[i] = 0 }
    let addresses = UnsafeMutableRawPointer(zeros + zeroCount).assumingMemoryBound(to: UnsafePointer<Float>.self)
    xTiles = WinogradTiles(
      base: UnsafePointer(context.floats(0)), extents: p.x, top: -p.paddingTop, left: -p.paddingLeft, step: m,
      rows: p.tileRows, columns: p.tileColumns, addresses: addresses, zeros: UnsafePointer(zeros))
    dyTiles = WinogradTiles(
      base: UnsafePointer(context.floats(1)), extents: p.dy, top: 0, left: 0, step: m, rows: p.tileRows,
      columns: p.tileColumns, addresses: addresses, zeros: UnsafePointer(zeros))
  }

  func run(_ item: Int) {
    let split = item % p.splits
    let firstInput = item / p.splits % p.inputBlocks * p.inputBlock
    let firstPanel = item / (p.splits * p.inputBlocks) * p.panelBlock
    let inputs = min(p.inputBlock, p.x.channels - firstInput)
    let panels = min(p.panelBlock, ceilingQuotient(p.dy.channels, lanes) - firstPanel)
    let start = p.tiles * split / p.splits
    let end = p.tiles * (split + 1) / p.splits
    var blocks = Tiles(end - start, most: p.tileBlock)
    while let block = blocks.next() {
      transformTiles(start + block.first, block.count, firstInput, inputs, firstPanel, panels)
      multiply(block.count, inputs: inputs, panels: panels, accumulates: block.first > 0)
    }
    store(split: split, firstInput, inputs, firstPanel, panels)
  }

  @inline(never)
  private func transformTiles(_ first: Int, _ count: Int, _ input: Int, _ inputs: Int, _ panel: Int, _ panels: Int) {
    if let normalization {
      transformInputs(first, count, input, inputs, normalization)
    } else {
      transformInputs(first, count, input, inputs, PlainPixels())
    }
    if let places {
      return SpreadTiles(tiles: dyTiles, places: places).transform(
        FilterTransform.self, Row<m>.self, Row<n>.self, first: first, count: count, firstChannel: panel * lanes,
        channels: panels * lanes, to: filters, rowStride: p.filterRowStride, matrixStride: p.filterMatrixStride,
        temporary: temporary)
    }
    dyTiles.transform(
      FilterTransform.self, Row<m>.self, Row<n>.self, PlainPixels(), first: first, count: count,
      firstChannel: panel * lanes, channels: panels * lanes, to: filters, rowStride: p.filterRowStride,
      matrixStride: p.filterMatrixStride, temporary: temporary)
  }

  @inline(__always)
  private func transformInputs(
    _ first: Int, _ count: Int, _ input: Int, _ inputs: Int, _ loading: some PixelLoading
  ) {
    xTiles.transform(
      InputTransform.self, Row<n>.self, Row<n>.self, loading, first: first, count: count, firstChannel: input,
      channels: inputs, to: self.inputs, rowStride: p.inputRowStride, matrixStride: p.inputMatrixStride,
      temporary: temporary)
  }

  /// Adds the products of `count` tiles to the sums: channels × tiles by tiles × panels.
  @inline(never)
  private func multiply(_ count: Int, inputs: Int, panels: Int, accumulates: Bool) {
    var shape = Contraction(
      steps: count, aStep: p.inputRowStride, bStep: p.filterRowStride, aRow: 1, bPanel: lanes, cRow: p.sumRowStride,
      cPanel: lanes, accumulates: accumulates)
    let inputStride = p.inputMatrixStride
    let filterStride = p.filterMatrixStride
    let sumStride = p.sumMatrixStride
    for point in 0..<n * n {
      let a = self.inputs + point * inputStride
      let b = filters + point * filterStride
      let c = sums + point * sumStride
      // What the next point takes: a line per step until both matrices are on their way.
      var fetched = 0
      func multiply(_ first: Int, _ rows: Int, tiles: Int, _ panel: Int, _ width: Int) {
        if fetched < inputStride {
          shape.ahead = UnsafeRawPointer(a + (inputStride + fetched))
        } else {
          shape.ahead =
            fetched < inputStride + filterStride ? UnsafeRawPointer(b + (filterStride + fetched - inputStride)) : nil
        }
        fetched += tiles * count * lanes
        shape.tiles(
          tiles, rows: rows, panels: width, a + first, b + panel * lanes, c + first * shape.cRow + panel * lanes)
      }
      if tilePanels == 1 {
        // A panel of filters stays in the first-level cache while the rows pass by, fewer of which come with each multiply-add.
        for panel in 0..<panels {
          var rows = Tiles(inputs, most: tileRows)
          while let equal = rows.nextEqual() {
            if accumulates { shape.cAhead = equal.size * shape.cRow }
            multiply(equal.first, equal.size, tiles: equal.count, panel, 1)
          }
        }
        continue
      }
      var rows = Tiles(inputs, most: tileRows)
      while let tile = rows.next() {
        var panel = 0
        while panel < panels {
          let width = min(tilePanels, panels - panel)
          let nextPanel = panel + width < panels ? panel + width : 0
          let nextRow = nextPanel > 0 ? tile.first : tile.first + tile.count
          if accumulates {
            shape.cAhead =
              (nextRow < inputs ? nextRow * shape.cRow : sumStride) + nextPanel * lanes
              - (tile.first * shape.cRow + panel * lanes)
          }
          multiply(tile.first, tile.count, tiles: 1, panel, width)
          panel += width
        }
      }
    }
  }

  /// Transforms the sums to gradients.
  @inline(never)
  private func store(split: Int, _ firstInput: Int, _ inputs: Int, _ firstPanel: Int, _ panels: Int) {
    let tapStride = p.x.channels * lanes
    let rowStride = p.sumRowStride
    let matrixStride = p.sumMatrixStride
    for panel in 0..<panels {
      let channels = min(lanes, p.dy.channels - (firstPanel + panel) * lanes)
      let to = partial + split * p.gradientCount + (firstPanel + panel) * k * k * tapStride + firstInput * lanes
      for input in 0..<inputs {
        let from = sums + input * rowStride + panel * lanes
        transformSquare(
          OutputTransform.self, Row<n>.self, Row<k>.self, temporary: temporary,
          from: { r, c in from.vector(at: (r * n + c) * matrixStride) },
          to: { r, c, value in
            // Weights have zeros beyond the last channel, whatever stands there in `dy`.
            let gradient = channels == lanes ? value : value.keeping(first: channels)
            to.store(gradient, at: (r * k + c) * tapStride + input * lanes)
          })
      }
    }
  }
}
