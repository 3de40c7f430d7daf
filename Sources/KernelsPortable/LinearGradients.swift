import CPUDetection
import KernelContract

#if AVX512
  private typealias Gradients = LinearGradients<4, 4>
#else
  private typealias Gradients = LinearGradients<2, 2>
#endif

/// The kernel of `LinearGradientsParameters`; an item is a block of inputs.
func linearGradients(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let gradients = Gradients(context)
  for item in first..<end { gradients.run(item) }
}

/// One call, with its operands unpacked; so many rows and panels of `dy` stay in registers while the weights come by.
private struct LinearGradients<let heldRows: Int, let heldPanels: Int> {
  let p: LinearGradientsParameters
  let x: UnsafePointer<Float>
  let dy: UnsafePointer<Float>
  let dx: UnsafeMutablePointer<Float>
  let epilogue: TileEpilogue
  let weights: UnsafePointer<Float>
  /// The states of the update, or the weights where there are none.
  let states: (UnsafePointer<Float>, UnsafePointer<Float>)
  let stateCount: Int
  let step: OptimizerStep
  /// For each input of the item and each row a vector whose lanes add up to the gradient; the item's inputs, row by row; gradients of a
  /// group of panels.
  let sums: UnsafeMutablePointer<Float>
  let block: UnsafeMutablePointer<Float>
  let slopes: UnsafeMutablePointer<Float>

  init(_ context: borrowing KernelContext) {
    p = context.parameters.load(as: LinearGradientsParameters.self)
    x = UnsafePointer(context.floats(0))
    dy = UnsafePointer(context.floats(1))
    dx = context.floats(2)
    epilogue = TileEpilogue(p.epilogue, context.operands, first: 3)
    let first = 3 + p.epilogue.operandCount
    weights = UnsafePointer(context.floats(first))
    stateCount = p.update.stateCount
    states = (
      UnsafePointer(context.floats(stateCount > 0 ? first + 1 : first)),
      UnsafePointer(context.floats(stateCount > 1 ? first + 2 : first))
    )
    step = OptimizerStep(p.update, context, first: first)
    sums = context.scratch.assumingMemoryBound(to: Float.self)
    block = sums + p.inputBlock * p.rows * lanes
    slopes = block + p.rows * p.blockRow
  }

  func run(_ item: Int) {
    let firstInput = item * p.inputBlock
    let count = min(p.inputBlock, p.inputs - firstInput)
    for row in 0..<p.rows {
      (block + row * p.blockRow).update(from: x + (row * p.inputRow + firstInput), count: count)
    }
    for i in 0..<count * p.rows { sums.store(.zero, at: i * lanes) }
    let panels = p.outputs / lanes
    var panel = 0
    while panel < panels {
      let width = min(heldPanels, panels - panel)
      let ahead = Ahead(self, panel + width, firstInput)
      if width == heldPanels {
        multiply(Row<heldPanels>.self, panel, firstInput, count, ahead)
      } else {
        for single in 0..<width { multiply(Row<1>.self, panel + single, firstInput, count, ahead) }
      }
      update(panel, width, firstInput, count, ahead)
      panel += width
    }
    store(firstInput, count)
  }

  /// Where the weights of an input in a panel stand.
  @inline(__always)
  private func place(_ panel: Int, _ input: Int) -> Int { (panel * p.inputs + input) * lanes }

  /// The weights and the states of the group of panels that comes next, to be fetched while this one is computed: a share in each pass
  /// over the inputs, because only so many lines can be on their way at once.
  private struct Ahead {
    let arrays: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>)
    let panelStep: Int
    let rows: Int
    /// Passes over the inputs: with some rows of `dy` each, then one for each panel's update.
    let passes: Int

    /// Nothing is fetched where there are no more panels.
    @inline(__always)
    init(_ gradients: LinearGradients, _ panel: Int, _ firstInput: Int) {
      let p = gradients.p
      let start = gradients.place(panel, firstInput)
      arrays = (gradients.weights + start, gradients.states.0 + start, gradients.states.1 + start)
      panelStep = p.inputs * lanes
      rows = (panel + heldPanels) * lanes <= p.outputs ? (1 + gradients.stateCount) * heldPanels : 0
      passes = p.rows / heldRows + p.rows % heldRows + heldPanels
    }

    /// What a pass fetches, up to two arrays of a line for each input; `none` for what is missing.
    @inline(__always)
    func lines(_ pass: Int, none: UnsafePointer<Float>) -> InlineArray<2, UnsafePointer<Float>> {
      var result = InlineArray<2, UnsafePointer<Float>>(repeating: none)
      let (first, end) = (pass * rows / passes, (pass + 1) * rows / passes)
      for number in 0..<min(2, end - first) {
        let row = first + number
        let array = row / heldPanels == 0 ? arrays.0 : row / heldPanels == 1 ? arrays.1 : arrays.2
        result[number] = array + row % heldPanels * panelStep
      }
      return result
    }
  }

  /// Adds the products of some panels of weights and their outputs' gradients to the sums.
  @inline(__always)
  private func multiply<let panels: Int>(
    _ width: Row<panels>.Type, _ panel: Int, _ firstInput: Int, _ count: Int, _ ahead: Ahead
  ) {
    let whole = p.rows / heldRows * heldRows
    var (row, pass) = (0, 0)
    while row < p.rows {
      let lines = ahead.lines(pass, none: block)
      if row < whole {
        multiplyRows(InlineArray<heldRows, Row<panels>>.self, row, panel, firstInput, count, lines)
        row += heldRows
      } else {
        multiplyRows(InlineArray<1, Row<panels>>.self, row, panel, firstInput, count, lines)
        row += 1
      }
      pass += 1
    }
  }

  @inline(never)
  private func multiplyRows<let rows: Int, let panels: Int>(
    _ held: InlineArray<rows, Row<panels>>.Type, _ row: Int, _ panel: Int, _ firstInput: Int, _ count: Int,
    _ ahead: InlineArray<2, UnsafePointer<Float>>
  ) {
    var slopes = InlineArray<rows, Row<panels>>(repeating: Row<panels>(repeating: .zero))
    for r in 0..<rows {
      let from = dy + ((row + r) * p.outputRow + panel * lanes)
      for number in 0..<panels { slopes[r][number] = from.vector(at: number * lanes) }
    }
    // What the next pass holds.
    let isLast = row + rows >= p.rows
    let next = dy + (isLast ? (panel + panels) * lanes : (row + rows) * p.outputRow + panel * lanes)
    let sumStep = p.rows * lanes
    let panelStep = p.inputs * lanes
    var weight = weights + place(panel, firstInput)
    var sum = sums + row * lanes
    for i in 0..<count {
      for line in 0..<2 { netc_prefetch(ahead[line] + i * lanes) }
      netc_prefetch(next + (i / panels * p.outputRow + i % panels * lanes))
      var w = Row<panels>(repeating: .zero)
      for number in 0..<panels { w[number] = weight.vector(at: number * panelStep) }
      for r in 0..<rows {
        var total = sum.vector(at: r * lanes)
        for number in 0..<panels { total = fma(w[number], slopes[r][number], total) }
        sum.store(total, at: r * lanes)
      }
      weight += lanes
      sum += sumStep
    }
  }

  /// Makes the gradient of some panels of weights and updates them.
  @inline(never)
  private func update(_ panel: Int, _ panels: Int, _ firstInput: Int, _ count: Int, _ ahead: Ahead) {
    let shape = Contraction(
      steps: p.rows, aStep: p.blockRow, bStep: p.outputRow, aRow: 1, bPanel: lanes, cRow: lanes,
      cPanel: p.inputBlock * lanes)
    var tiles = Tiles(count, most: tileRows)
    while let tile = tiles.next() {
      var number = 0
      while number < panels {
        let width = min(tilePanels, panels - number)
        shape.tile(
          rows: tile.count, panels: width, UnsafePointer(block + tile.first), dy + (panel + number) * lanes,
          slopes + (number * p.inputBlock + tile.first) * lanes)
        number += width
      }
    }
    for number in 0..<panels {
      let lines = ahead.lines(ahead.passes - heldPanels + number, none: block)
      let start = place(panel + number, firstInput)
      var pieces = Tiles(count, most: 8)
      while let piece = pieces.next() {
        for i in piece.first..<piece.first + piece.count {
          for line in 0..<2 { netc_prefetch(lines[line] + i * lanes) }
        }
        step.apply(
          UnsafePointer(slopes + (number * p.inputBlock + piece.first) * lanes), start: start + piece.first * lanes,
          count: piece.count * lanes)
      }
    }
  }

  /// Adds up the lanes of the sums.
  @inline(never)
  private func store(_ firstInput: Int, _ count: Int) {
    for row in 0..<p.rows {
      let start = row * p.gradientRow + firstInput
      for i in 0..<count {
        var gradient = sums.vector(at: (i * p.rows + row) * lanes).laneSum
        if let residual = epilogue.residual { gradient += residual[start + i] }
        if let mask = epilogue.mask, !(mask[start + i] > 0) { gradient = 0 }
        dx[start + i] = gradient
      }
    }
  }
}
