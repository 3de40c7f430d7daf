import CPUDetection
import KernelContract

/// The kernel of `WinogradConvolutionParameters`; an item is a block of tiles by a block of panels of output channels.
func winogradConvolution(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let p = context.parameters.load(as: WinogradConvolutionParameters.self)
  switch p.transform {
  case .f4x3: WinogradConvolution<6, 4>(p, context).run(first, end)
  case .f2x5: WinogradConvolution<6, 2>(p, context).run(first, end)
  case .f2x3: WinogradConvolution<4, 2>(p, context).run(first, end)
  }
}

/// One call, with its operands unpacked: tiles of `n * n` inputs, `m * m` outputs.
private struct WinogradConvolution<let n: Int, let m: Int> {
  let p: WinogradConvolutionParameters
  /// The operand, and for `transformsWeights` the place of its transform.
  let weights: UnsafePointer<Float>
  let transformedWeights: UnsafeMutablePointer<Float>
  let filters: WinogradFilters
  let y: UnsafeMutablePointer<Float>
  let epilogue: TileEpilogue
  let normalization: NormalizedPixels?
  let tally: ResultTally?
  let tiles: WinogradTiles
  /// Those of the maxima of `y`, or of `x`, where there are some.
  let places: UnsafeMutablePointer<UInt8>?
  /// Transformed inputs and products of the item: `n * n` matrices with a row per tile.
  let inputs: UnsafeMutablePointer<Float>
  let products: UnsafeMutablePointer<Float>
  let temporary: UnsafeMutablePointer<Float>

  init(_ p: WinogradConvolutionParameters, _ context: borrowing KernelContext) {
    self.p = p
    weights = UnsafePointer(context.floats(1))
    y = context.floats(2)
    epilogue = TileEpilogue(p.epilogue, context, first: 3)
    let next = 3 + p.epilogue.operandCount + (p.pooling.hasPlaces ? 1 : 0)
    normalization = NormalizedPixels(p.normalization, context, first: next)
    tally = ResultTally(p.sums, panels: p.panels, context, first: next + p.normalization.operandCount)
    places =
      p.pooling.hasPlaces ? context.operands[3 + p.epilogue.operandCount].assumingMemoryBound(to: UInt8.self) : nil
    inputs = context.scratch.assumingMemoryBound(to: Float.self)
    products = inputs + n * n * p.inputMatrixStride
    temporary = products + n * n * p.productMatrixStride
    let zeros = temporary + n * n * lanes
    let zeroCount = ceilingQuotient(p.x.channels, lanes) * lanes
    for i in 0..<zeroCount { zeros[i] = 0 }
    let addresses = UnsafeMutableRawPointer(zeros + zeroCount)
    tiles = WinogradTiles(
      base: UnsafePointer(context.floats(0)), extents: p.x, top: -p.paddingTop, left: -p.paddingLeft, step: m,
      rows: p.tileRows, columns: p.tileColumns,
      addresses: addresses.assumingMemoryBound(to: UnsafePointer<Float>.self), zeros: UnsafePointer(zeros))
    transformedWeights = (addresses + 8 * p.transform.addressCount).assumingMemoryBound(to: Float.self)
    filters = WinogradFilters(
      p.weights, weights, transformedWeights + (p.transformsWeights ? n * n * p.weightMatrixStride : 0))
  }

  func run(_ first: Int, _ end: Int) {
    // Items of one block of tiles follow one another and share its transformed inputs.
    var transformed = -1
    for item in first..<end {
      let block = item / p.panelBlocks
      let firstTile = block * p.tileBlock
      let count = min(p.tileBlock, p.tiles - firstTile)
      if block != transformed {
        transformInputs(firstTile, count)
        transformed = block
      }
      let firstPanel = item % p.panelBlocks * p.panelBlock
      let panels = min(p.panelBlock, p.panels - firstPanel)
      if p.transformsWeights {
        var blocks = Tiles(ceilingQuotient(p.x.channels, lanes), most: p.depthBlock / lanes)
        while let block = blocks.next() {
          let firstStep = block.first * lanes
          let steps = min(block.count * lanes, p.x.channels - firstStep)
          transformWeights(firstPanel: firstPanel, panels: panels, firstStep: firstStep, steps: steps)
          multiply(
            firstTile, count, firstPanel: firstPanel, panels: panels, inputs + firstStep,
            UnsafePointer(transformedWeights), steps: steps, accumulates: firstStep > 0)
        }
      } else {
        multiply(
          firstTile, count, firstPanel: firstPanel, panels: panels, inputs,
          weights + firstPanel * p.x.channels * lanes, steps: p.x.channels, accumulates: false)
      }
      transformOutputs(firstTile, count, firstPanel: firstPanel, panels: panels)
      if let tally { add(to: tally, block, firstTile, count, firstPanel: firstPanel, panels: panels) }
    }
  }

  /// Adds the outputs of a block of tiles to its sums, row by row of the tiles that stand side by side.
  @inline(never)
  private func add(
    to tally: ResultTally, _ block: Int, _ firstTile: Int, _ count: Int, firstPanel: Int, panels: Int
  ) {
    tally.clear(block, firstPanel: firstPanel, panels: panels)
    let pixel = p.y.stride
    var tile = firstTile
    while tile < firstTile + count {
      let (image, paddedRow, paddedColumn) = tiles.place(tile)
      let row = paddedRow + p.paddingTop
      let column = paddedColumn + p.paddingLeft
      let neighbours = min(firstTile + count - tile, ceilingQuotient(p.y.width - column, m))
      for r in row..<min(row + m, p.y.height) {
        let offset = ((image * p.y.height + r) * p.y.width + column) * pixel + firstPanel * lanes
        tally.add(
          block, firstPanel: firstPanel, panels: panels, at: offset, count: min(neighbours * m, p.y.width - column),
          pixel: pixel)
      }
      tile += neighbours
    }
  }

  @inline(never)
  private func transformInputs(_ firstTile: Int, _ count: Int) {
    if case .spreadGradient = p.pooling, let places {
      return SpreadTiles(tiles: tiles, places: places).transform(
        InputTransform.self, Row<n>.self, Row<n>.self, first: firstTile, count: count, firstChannel: 0,
        channels: p.x.channels, to: inputs, rowStride: p.inputRowStride, matrixStride: p.inputMatrixStride,
        temporary: temporary)
    }
    if let normalization { return transformInputs(firstTile, count, normalization) }
    transformInputs(firstTile, count, PlainPixels())
  }

  @inline(__always)
  private func transformInputs(_ firstTile: Int, _ count: Int, _ loading: some PixelLoading) {
    tiles.transform(
      InputTransform.self, Row<n>.self, Row<n>.self, loading, first: firstTile, count: count, firstChannel: 0,
      channels: p.x.channels, to: inputs, rowStride: p.inputRowStride, matrixStride: p.inputMatrixStride,
      temporary: temporary)
  }

  @inline(never)
  private func transformWeights(firstPanel: Int, panels: Int, firstStep: Int, steps: Int) {
    let matrixStride = p.weightMatrixStride
    for panel in 0..<panels {
      for block in 0..<ceilingQuotient(steps, lanes) {
        filters.transform(
          panel: firstPanel + panel, block: firstStep / lanes + block,
          to: transformedWeights + (panel * steps + block * lanes) * lanes, matrixStride: matrixStride)
      }
    }
  }

  /// The products at each point: tiles × channels by channels × panels.
  @inline(never)
  private func multiply(
    _ firstTile: Int, _ count: Int, firstPanel: Int, panels: Int, _ inputs: UnsafePointer<Float>,
    _ weights: UnsafePointer<Float>, steps: Int, accumulates: Bool
  ) {
    // What the outputs are combined with comes while products are computed, a few lines with each tile; where weights come
    // from far away, too, these are slower for it.
    let isCombined = epilogue.residual != nil || epilogue.mask != nil || fetchesX
    let fetches = isCombined && !accumulates && n * n * p.panels * p.x.channels * lanes <= 250_000
    let calls = n * n * ceilingQuotient(panels, tilePanels) * ceilingQuotient(count, tileRows)
    var call = 0
    let panelStride = steps * lanes
    let inputStride = p.inputMatrixStride
    let weightStride = p.weightMatrixStride
    let productStride = p.productMatrixStride
    var shape = Contraction(
      steps: steps, aStep: 1, bStep: lanes, aRow: p.inputRowStride, bPanel: panelStride, cRow: p.productRowStride,
      cPanel: lanes, accumulates: accumulates)
    for point in 0..<n * n {
      let a = inputs + point * inputStride
      let b = weights + point * weightStride
      let c = products + point * productStride
      var panel = 0
      while panel < panels {
        let width = min(tilePanels, panels - panel)
        // Weights come from beyond the second-level cache: while the first tiles are multiplied, the next panels.
        var next = b + (panel + width < panels ? (panel + width) * panelStride : weightStride)
        let end = next + width * panelStride
        // One tile of rows fetches all of them by itself.
        let linesAhead = count <= tileRows ? width : 1
        shape.aheadStep = linesAhead * lanes * 4
        var rows = Tiles(count, most: tileRows)
        while let equal = rows.nextEqual() {
          var (first, left) = (equal.first, equal.count)
          while left > 0 {
            let number = next < end || fetches && tilePanels > 1 ? 1 : left
            if fetches {
              let pixels = count * m * m
              fetch(
                firstTile, pixels * call / calls..<pixels * (call + number) / calls, firstPanel: firstPanel,
                panels: panels)
              call += number
            }
            shape.ahead = next < end ? UnsafeRawPointer(next) : nil
            next += linesAhead * panelStride
            shape.tiles(
              number, rows: equal.size, panels: width, a + first * shape.aRow, b + panel * panelStride,
              c + first * shape.cRow + panel * lanes)
            first += number * equal.size
            left -= number
          }
        }
        panel += width
      }
    }
  }

  /// Fetches what some pixels of a block of tiles are combined with.
  @inline(never)
  private func fetch(_ firstTile: Int, _ pixels: Range<Int>, firstPanel: Int, panels: Int) {
    for number in pixels {
      let (image, paddedRow, paddedColumn) = tiles.place(firstTile + number / (m * m))
      let row = paddedRow + p.paddingTop + number % (m * m) / m
      let column = paddedColumn + p.paddingLeft + number % m
      if row >= p.y.height || column >= p.y.width { continue }
      let start = ((image * p.y.height + row) * p.y.width + column) * p.y.stride + firstPanel * lanes
      for offset in stride(from: start, to: start + panels * lanes, by: lanes) {
        if let residual = epilogue.residual { netc_prefetch(residual + offset) }
        if let mask = epilogue.mask { netc_prefetch(mask + offset) }
        if let tally, fetchesX { netc_prefetch(tally.x + offset) }
      }
    }
  }

  private var fetchesX: Bool {
    switch p.sums {
    case .gradient: true
    case .none, .statistics: false
    }
  }

  /// Instances of the output's transform for the usual epilogues, because branches per vector cost as much as the sums.
  @inline(never)
  private func transformOutputs(_ firstTile: Int, _ count: Int, firstPanel: Int, panels: Int) {
    switch p.pooling {
    case .maxima, .recordedMaxima: return storeMaxima(firstTile, count, firstPanel: firstPanel, panels: panels)
    case .none, .spreadGradient: break
    }
    let e = epilogue
    if let normalization = e.maskNormalization {
      guard let x = e.mask, e.residual == nil, e.flags.activation == .none else {
        return store(e, firstTile, count, firstPanel: firstPanel, panels: panels)
      }
      let finish = NormalizedMaskSum(x: x, normalization: normalization)
      return store(finish, firstTile, count, firstPanel: firstPanel, panels: panels)
    }
    switch (e.residual, e.mask, e.flags.activation) {
    case (nil, nil, .none): store(PlainSum(), firstTile, count, firstPanel: firstPanel, panels: panels)
    case (nil, nil, .relu): store(RectifiedSum(), firstTile, count, firstPanel: firstPanel, panels: panels)
    case (nil, let mask?, .none): store(MaskedSum(mask: mask), firstTile, count, firstPanel: firstPanel, panels: panels)
    case (let residual?, let mask, .none), (let residual?, let mask, .relu):
      let finish = ResidualSum(residual: residual, mask: mask, isRectified: e.flags.activation == .relu)
      store(finish, firstTile, count, firstPanel: firstPanel, panels: panels)
    default: store(e, firstTile, count, firstPanel: firstPanel, panels: panels)
    }
  }

  @inline(__always)
  private func store(
    _ finish: some SumFinish, _ firstTile: Int, _ count: Int, firstPanel: Int, panels: Int
  ) {
    let pixel = p.y.stride
    let line = p.y.width * pixel
    let matrixStride = p.productMatrixStride
    let rowStride = p.productRowStride
    for t in 0..<count {
      let (image, paddedRow, paddedColumn) = tiles.place(firstTile + t)
      let row = paddedRow + p.paddingTop
      let column = paddedColumn + p.paddingLeft
      let rows = min(m, p.y.height - row)
      let columns = min(m, p.y.width - column)
      let start = (image * p.y.height + row) * line + column * pixel
      for panel in 0..<panels {
        let channel = (firstPanel + panel) * lanes
        let bias = epilogue.bias.map { $0.vector(at: channel) } ?? .zero
        let from = products + t * rowStride + panel * lanes
        transformSquare(
          OutputTransform.self, Row<n>.self, Row<m>.self, temporary: temporary,
          from: { r, c in from.vector(at: (r * n + c) * matrixStride) },
          to: { r, c, sum in
            guard r < rows && c < columns else { return }
            let offset = start + r * line + c * pixel + channel
            y.store(finish.value(sum, bias: bias, at: offset, channel: channel), at: offset)
          })
      }
    }
  }
}

extension WinogradConvolution {
  /// Stores the greatest of each 2x2 outputs: of the plain sums, because a bias and an activation keep the order.
  @inline(never)
  private func storeMaxima(_ firstTile: Int, _ count: Int, firstPanel: Int, panels: Int) {
    let (height, width) = (p.y.height / 2, p.y.width / 2)
    let pixel = p.y.stride
    let matrixStride = p.productMatrixStride
    let rowStride = p.productRowStride
    for t in 0..<count {
      let (image, paddedRow, paddedColumn) = tiles.place(firstTile + t)
      let (row, column) = ((paddedRow + p.paddingTop) / 2, (paddedColumn + p.paddingLeft) / 2)
      let (rows, columns) = (min(m / 2, height - row), min(m / 2, width - column))
      let start = ((image * height + row) * width + column) * pixel
      for panel in 0..<panels {
        let channel = (firstPanel + panel) * lanes
        let bias = epilogue.bias.map { $0.vector(at: channel) } ?? .zero
        let from = products + t * rowStride + panel * lanes
        // A row of sums takes the place of what it was made of.
        transformSquare(
          OutputTransform.self, Row<n>.self, Row<m>.self, temporary: temporary,
          from: { r, c in from.vector(at: (r * n + c) * matrixStride) },
          to: { r, c, sum in temporary.store(sum, at: (r * n + c) * lanes) })
        for r in 0..<m / 2 {
          for c in 0..<m / 2 where r < rows && c < columns {
            let window = temporary + 2 * (r * n + c) * lanes
            let greatest = GreatestOfFour(
              window.vector(at: 0), window.vector(at: lanes), window.vector(at: n * lanes),
              window.vector(at: (n + 1) * lanes))
            let offset = start + (r * width + c) * pixel + channel
            y.store(epilogue.value(greatest.value, bias: bias, at: offset, channel: channel), at: offset)
            if let places { netc_store_bytes(greatest.place, places + offset) }
          }
        }
      }
    }
  }
}

/// What becomes of a sum whose place in the result is `offset`; a type, because a closure of it would not be inlined.
private protocol SumFinish {
  func value(_ sum: Vector, bias: Vector, at offset: Int, channel: Int) -> Vector
}

extension TileEpilogue: SumFinish {}

private struct PlainSum: SumFinish {
  @inline(__always) func value(_ sum: Vector, bias: Vector, at offset: Int, channel: Int) -> Vector { sum + bias }
}

private struct RectifiedSum: SumFinish {
  @inline(__always) func value(_ sum: Vector, bias: Vector, at offset: Int, channel: Int) -> Vector {
    maximum(sum + bias, .zero)
  }
}

private struct MaskedSum: SumFinish {
  let mask: UnsafePointer<Float>
  @inline(__always) func value(_ sum: Vector, bias: Vector, at offset: Int, channel: Int) -> Vector {
    Vector.zero.replacing(with: sum + bias, where: mask.vector(at: offset) .> Vector.zero)
  }
}

private struct NormalizedMaskSum: SumFinish {
  let x: UnsafePointer<Float>
  let normalization: NormalizedPixels
  @inline(__always) func value(_ sum: Vector, bias: Vector, at offset: Int, channel: Int) -> Vector {
    let y = normalization.value(x.vector(at: offset), channel: channel)
    return Vector.zero.replacing(with: sum + bias, where: y .> Vector.zero)
  }
}

private struct ResidualSum: SumFinish {
  let residual: UnsafePointer<Float>
  let mask: UnsafePointer<Float>?
  let isRectified: Bool

  @inline(__always) func value(_ sum: Vector, bias: Vector, at offset: Int, channel: Int) -> Vector {
    var x = sum + bias + residual.vector(at: offset)
    if isRectified { x = maximum(x, .zero) }
    guard let mask else { return x }
    return Vector.zero.replacing(with: x, where: mask.vector(at: offset) .> Vector.zero)
  }
}
