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
  let weights: UnsafePointer<Float>
  let y: UnsafeMutablePointer<Float>
  let epilogue: TileEpilogue
  let tiles: WinogradTiles
  /// Transformed inputs and products of the item: `n * n` matrices with a row per tile.
  let inputs: UnsafeMutablePointer<Float>
  let products: UnsafeMutablePointer<Float>
  let temporary: UnsafeMutablePointer<Float>

  init(_ p: WinogradConvolutionParameters, _ context: borrowing KernelContext) {
    self.p = p
    weights = UnsafePointer(context.floats(1))
    y = context.floats(2)
    epilogue = TileEpilogue(p.epilogue, context.operands, first: 3)
    inputs = context.scratch.assumingMemoryBound(to: Float.self)
    products = inputs + n * n * p.inputMatrixStride
    temporary = products + n * n * p.productMatrixStride
    let zeros = temporary + n * n * lanes
    let zeroCount = ceilingQuotient(p.x.channels, lanes) * lanes
    for i in 0..<zeroCount { zeros[i] = 0 }
    tiles = WinogradTiles(
      base: UnsafePointer(context.floats(0)), extents: p.x, top: -p.paddingTop, left: -p.paddingLeft, step: m,
      rows: p.tileRows, columns: p.tileColumns,
      addresses: UnsafeMutableRawPointer(zeros + zeroCount).assumingMemoryBound(to: UnsafePointer<Float>.self),
      zeros: UnsafePointer(zeros))
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
      multiply(count, firstPanel: firstPanel, panels: panels)
      transformOutputs(firstTile, count, firstPanel: firstPanel, panels: panels)
    }
  }

  @inline(never)
  private func transformInputs(_ firstTile: Int, _ count: Int) {
    tiles.transform(
      InputTransform.self, Row<n>.self, Row<n>.self, first: firstTile, count: count, firstChannel: 0,
      channels: p.x.channels, to: inputs, rowStride: p.inputRowStride, matrixStride: p.inputMatrixStride,
      temporary: temporary)
  }

  /// The products at each point: tiles × channels by channels × panels.
  @inline(never)
  private func multiply(_ count: Int, firstPanel: Int, panels: Int) {
    let depth = p.x.channels
    let panelStride = depth * lanes
    let inputStride = p.inputMatrixStride
    let weightStride = p.weightMatrixStride
    let productStride = p.productMatrixStride
    let shape = Contraction(
      steps: depth, aStep: 1, bStep: lanes, aRow: p.inputRowStride, bPanel: panelStride, cRow: p.productRowStride,
      cPanel: lanes)
    for point in 0..<n * n {
      let a = inputs + point * inputStride
      let b = weights + point * weightStride + firstPanel * panelStride
      let c = products + point * productStride
      var panel = 0
      while panel < panels {
        let width = min(tilePanels, panels - panel)
        var rows = Tiles(count, most: tileRows)
        while let tile = rows.next() {
          shape.tile(
            rows: tile.count, panels: width, a + tile.first * shape.aRow, b + panel * panelStride,
            c + tile.first * shape.cRow + panel * lanes)
        }
        panel += width
      }
    }
  }

  /// Instances of the output's transform for the usual epilogues, because a branch per vector costs as much as the sums.
  private func transformOutputs(_ firstTile: Int, _ count: Int, firstPanel: Int, panels: Int) {
    let e = epilogue
    switch e.residual == nil && e.mask == nil ? e.flags.activation : .tanh {
    case .none:
      store(firstTile, count, firstPanel: firstPanel, panels: panels) { sum, bias, _ in sum + bias }
    case .relu:
      store(firstTile, count, firstPanel: firstPanel, panels: panels) { sum, bias, _ in
        maximum(sum + bias, Vector(repeating: 0))
      }
    default:
      store(firstTile, count, firstPanel: firstPanel, panels: panels) { sum, bias, offset in
        e.value(sum, bias: bias, at: offset)
      }
    }
  }

  @inline(__always)
  private func store(
    _ firstTile: Int, _ count: Int, firstPanel: Int, panels: Int,
    _ finish: (_ sum: Vector, _ bias: Vector, _ offset: Int) -> Vector
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
            y.store(finish(sum, bias, offset), at: offset)
          })
      }
    }
  }
}
