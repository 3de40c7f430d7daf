#if AVX512
  import CPUDetection
  import KernelContract

  // Where registers hold four rows and panels of `dy`: a weight is loaded once for all of them, and the sums pass by.
  extension LinearGradients {
    /// Adds the products of some panels of weights and their outputs' gradients to the sums.
    @inline(__always)
    func multiply<let panels: Int>(
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
    func update(_ panel: Int, _ panels: Int, _ firstInput: Int, _ count: Int, _ ahead: Ahead) {
      let shape = Contraction(
        steps: p.rows, aStep: blockRow, bStep: p.outputRow, aRow: 1, bPanel: lanes, cRow: lanes,
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
  }
#endif
