#if !AVX512
  import CPUDetection
  import KernelContract

  // Where registers are few: they hold the sums of three inputs and four rows while some panels of weights and of `dy` pass by from the
  // first-level cache.
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
          multiplyRows(HeldSums<heldRows>.self, Row<panels>.self, row, panel, firstInput, count, lines)
          row += heldRows
        } else {
          multiplyRows(HeldSums<1>.self, Row<panels>.self, row, panel, firstInput, count, lines)
          row += 1
        }
        pass += 1
      }
    }

    @inline(never)
    private func multiplyRows<let rows: Int, let panels: Int>(
      _ held: HeldSums<rows>.Type, _ width: Row<panels>.Type, _ row: Int, _ panel: Int, _ firstInput: Int, _ count: Int,
      _ ahead: InlineArray<2, UnsafePointer<Float>>
    ) {
      let start = weights + place(panel, firstInput)
      let slopes = dy + (row * p.outputRow + panel * lanes)
      let (firstAhead, secondAhead) = (ahead[0], ahead[1])
      var tiles = Tiles(count, most: 3)
      while let tile = tiles.next() {
        for i in tile.first..<tile.first + tile.count {
          netc_prefetch(firstAhead + i * lanes)
          netc_prefetch(secondAhead + i * lanes)
        }
        let from = start + tile.first * lanes
        let to = sums + (tile.first * p.rows + row) * RegisterVector.scalarCount
        switch tile.count {
        case 3: multiplyInputs(InlineArray<3, HeldSums<rows>>.self, width, from, slopes, to)
        case 2: multiplyInputs(InlineArray<2, HeldSums<rows>>.self, width, from, slopes, to)
        default: multiplyInputs(InlineArray<1, HeldSums<rows>>.self, width, from, slopes, to)
        }
      }
    }

    @inline(__always)
    private func multiplyInputs<let inputs: Int, let rows: Int, let panels: Int>(
      _ held: InlineArray<inputs, HeldSums<rows>>.Type, _ width: Row<panels>.Type, _ weight: UnsafePointer<Float>,
      _ slopes: UnsafePointer<Float>, _ sums: UnsafeMutablePointer<Float>
    ) {
      let half = RegisterVector.scalarCount * 4
      let sumStep = p.rows * half
      let rowStep = p.outputRow * 4
      let panelStep = p.inputs * lanes * 4
      let place = UnsafeMutableRawPointer(sums)
      var totals = InlineArray<inputs, HeldSums<rows>> { _ in HeldSums<rows> { _ in .zero } }
      for i in 0..<inputs {
        for r in 0..<rows {
          totals[i][r] = place.loadUnaligned(fromByteOffset: i * sumStep + r * half, as: RegisterVector.self)
        }
      }
      var from = UnsafeRawPointer(weight)
      var slope = UnsafeRawPointer(slopes)
      for _ in 0..<panels {
        for part in 0..<2 {
          from = netc_opaque(from)
          slope = netc_opaque(slope)
          var w = InlineArray<inputs, RegisterVector>(repeating: .zero)
          for i in 0..<inputs {
            w[i] = from.loadUnaligned(fromByteOffset: i * lanes * 4 + part * half, as: RegisterVector.self)
          }
          for r in 0..<rows {
            let y = slope.loadUnaligned(fromByteOffset: r * rowStep + part * half, as: RegisterVector.self)
            for i in 0..<inputs { totals[i][r] = totals[i][r].addingProduct(w[i], y) }
          }
        }
        from += panelStep
        slope += 2 * half
      }
      for i in 0..<inputs {
        for r in 0..<rows {
          place.storeBytes(of: totals[i][r], toByteOffset: i * sumStep + r * half, as: RegisterVector.self)
        }
      }
    }

    /// Makes the gradient of some panels of weights and updates them.
    @inline(never)
    func update(_ panel: Int, _ panels: Int, _ firstInput: Int, _ count: Int, _ ahead: Ahead) {
      for number in 0..<panels {
        let lines = ahead.lines(ahead.passes - heldPanels + number, none: block)
        let (firstAhead, secondAhead) = (lines[0], lines[1])
        let start = place(panel + number, firstInput)
        // The last inputs of a tile may be beyond the block's, where scratch memory holds anything.
        for input in stride(from: 0, to: count, by: Self.tileInputs) {
          makeSlopes(panel + number, input)
          let inputs = min(Self.tileInputs, count - input)
          for i in input..<input + inputs {
            netc_prefetch(firstAhead + i * lanes)
            netc_prefetch(secondAhead + i * lanes)
          }
          step.apply(UnsafePointer(slopes), start: start + input * lanes, count: inputs * lanes)
        }
      }
    }

    private static var tileInputs: Int { 5 }

    /// The gradients of a panel's weights of five inputs.
    @inline(__always)
    private func makeSlopes(_ panel: Int, _ input: Int) {
      let (rows, blockRow, outputRow) = (p.rows, blockRow, p.outputRow)
      var totals = Row<5> { _ in .zero }
      var from = UnsafePointer(block + input)
      var slope = dy + panel * lanes
      for _ in 0..<rows {
        let y = slope.vector(at: 0)
        for i in 0..<5 { totals[i] = fma(Vector(repeating: from[i]), y, totals[i]) }
        from += blockRow
        slope += outputRow
      }
      for i in 0..<5 { slopes.store(totals[i], at: i * lanes) }
    }
  }

  /// The sums of an input and some rows.
  private typealias HeldSums<let rows: Int> = InlineArray<rows, RegisterVector>
#endif
