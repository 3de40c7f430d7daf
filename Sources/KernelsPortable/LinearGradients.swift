import KernelContract

/// Four rows and panels: `dy` of so many fits into the registers of AVX-512; elsewhere sums stand there, and it is read from the
/// first-level cache.
private typealias Gradients = LinearGradients<4, 4>

/// The kernel of `LinearGradientsParameters`; an item is a block of inputs.
func linearGradients(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let gradients = Gradients(context)
  for item in first..<end { gradients.run(item) }
}

/// One call, with its operands unpacked; so many rows and panels of `dy` are multiplied at a time.
struct LinearGradients<let heldRows: Int, let heldPanels: Int> {
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
  /// For each input of the item and each row a `RegisterVector` whose lanes add up to the gradient; the item's inputs, row by row; gradients of a
  /// group of panels.
  let sums: UnsafeMutablePointer<Float>
  let block: UnsafeMutablePointer<Float>
  let slopes: UnsafeMutablePointer<Float>
  let blockRow: Int

  init(_ context: borrowing KernelContext) {
    p = context.parameters.load(as: LinearGradientsParameters.self)
    x = UnsafePointer(context.floats(0))
    dy = UnsafePointer(context.floats(1))
    dx = context.floats(2)
    epilogue = TileEpilogue(p.epilogue, context, first: 3)
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
    blockRow = p.blockRow
    slopes = block + p.rows * blockRow
  }

  func run(_ item: Int) {
    let firstInput = item * p.inputBlock
    let count = min(p.inputBlock, p.inputs - firstInput)
    for row in 0..<p.rows {
      (block + row * blockRow).update(from: x + (row * p.inputRow + firstInput), count: count)
    }
    sums.update(repeating: 0, count: count * p.rows * RegisterVector.scalarCount)
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
  func place(_ panel: Int, _ input: Int) -> Int { (panel * p.inputs + input) * lanes }

  /// The weights and the states of the group of panels that comes next, to be fetched while this one is computed: a share in each pass
  /// over the inputs, because only so many lines can be on their way at once.
  struct Ahead {
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

  /// Adds up the lanes of the sums.
  @inline(never)
  private func store(_ firstInput: Int, _ count: Int) {
    for row in 0..<p.rows {
      let start = row * p.gradientRow + firstInput
      for i in 0..<count {
        let sum = UnsafeRawPointer(sums + (i * p.rows + row) * RegisterVector.scalarCount)
        var gradient = sum.loadUnaligned(as: RegisterVector.self).laneSum
        if let residual = epilogue.residual { gradient += residual[start + i] }
        if let mask = epilogue.mask, !(mask[start + i] > 0) { gradient = 0 }
        dx[start + i] = gradient
      }
    }
  }
}
