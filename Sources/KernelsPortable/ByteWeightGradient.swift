import CPUDetection
import KernelContract

#if AVX512
  /// The kernel of `ByteWeightGradientParameters`; an item is a panel of X.
  func byteWeightGradient(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
    let gradient = ByteWeightGradient(context)
    netc_tiles_begin()
    for item in first..<end { gradient.run(item) }
    netc_tiles_end()
  }

  /// One call, with its operands unpacked. Sums have a row for each output, because then a tile of X is rows of X.
  private struct ByteWeightGradient {
    let p: ByteWeightGradientParameters
    let x: UnsafePointer<UInt8>
    let dy: UnsafeMutableRawPointer
    let step: OptimizerStep
    /// Two groups of rows: while one is multiplied the next is converted.
    let inputTiles: UnsafeMutableRawPointer
    let sums: UnsafeMutablePointer<Float>
    let packed: UnsafeMutablePointer<Float>
    /// Blocks of 32 rows.
    let blocks: Int

    init(_ context: borrowing KernelContext) {
      p = context.parameters.load(as: ByteWeightGradientParameters.self)
      x = UnsafePointer(context.operands[0].assumingMemoryBound(to: UInt8.self))
      dy = context.operands[1]
      step = OptimizerStep(p.update, context, first: 2)
      inputTiles = context.scratch
      sums = (inputTiles + 2 * ByteWeightGradientParameters.rowBlocks * BytePanels.rowGroupBytes).assumingMemoryBound(
        to: Float.self)
      packed = sums + ceilingQuotient(p.outputs, 32) * 32 * ByteWeightGradientParameters.sumStride
      blocks = ceilingQuotient(p.rows, 32)
    }

    func run(_ item: Int) {
      let panel = x + item * p.rows * BytePanels.width
      let most = ByteWeightGradientParameters.rowBlocks
      var group = ColumnGroup(panel, rows: p.rows, blocks: min(most, blocks), to: inputTiles)
      for pair in 0..<group.blocks * lanes { group.convert(pair, 0..<32) }
      for block in stride(from: 0, to: blocks, by: most) {
        var next = group
        next.source += most * 32 * BytePanels.width
        next.rows -= most * 32
        next.blocks = max(0, min(most, blocks - block - most))
        next.result = inputTiles + (group.result == inputTiles ? most * BytePanels.rowGroupBytes : 0)
        for output in stride(from: 0, to: ceilingQuotient(p.outputs, lanes), by: 2) {
          multiply(group, output > 0 ? nil : next, block: block, output: output)
        }
        group = next
      }
      let firstInput = item * BytePanels.width
      for output in 0..<ceilingQuotient(p.outputs, lanes) {
        update(panel: output, firstInput: firstInput, inputs: min(BytePanels.width, p.inputs - firstInput))
      }
    }

    /// What a group of rows adds to the sums of two panels of outputs; meanwhile the next rows are converted.
    @inline(__always)
    private func multiply(_ group: ColumnGroup, _ next: ColumnGroup?, block: Int, output: Int) {
      let size = TileSplitParameters.blockBytes
      let stride = ByteWeightGradientParameters.sumStride
      let m = Int32(truncatingIfNeeded: min(2, ceilingQuotient(p.outputs, lanes) - output))
      var pair = 0
      let pairs = next.map { $0.blocks * lanes } ?? 0
      for input in Swift.stride(from: 0, to: BytePanels.width, by: 32) {
        let c = sums + (output * lanes * stride + input)
        if block > 0 { netc_tiles_load_sums(c, stride * 4, m, 2) } else { netc_tiles_clear_sums() }
        var a = UnsafeRawPointer(dy + (output * blocks + block) * size)
        var b = UnsafeRawPointer(group.result + input / lanes * 1024)
        for _ in 0..<group.blocks {
          netc_tiles_load_columns(b, 1024, 2)
          let converts = pair < pairs
          netc_tiles_load_rows(a + 2048, 64, blocks * size, m)
          netc_tiles_multiply(m, 2)
          if converts { next!.convert(pair, 0..<11) }
          netc_tiles_load_rows(a + 1024, 64, blocks * size, m)
          netc_tiles_multiply(m, 2)
          if converts { next!.convert(pair, 11..<22) }
          netc_tiles_load_rows(a, 64, blocks * size, m)
          netc_tiles_multiply(m, 2)
          if converts { next!.convert(pair, 22..<32) }
          pair += 1
          a += size
          b += BytePanels.rowGroupBytes
        }
        netc_tiles_store_sums(c, stride * 4, m, 2)
      }
    }

    /// Packs the sums of 16 outputs as weights are, and applies the update.
    private func update(panel: Int, firstInput: Int, inputs: Int) {
      let scale = Vector(repeating: p.scale)
      let rows = sums + panel * lanes * ByteWeightGradientParameters.sumStride
      for input in stride(from: 0, to: inputs, by: lanes) {
        transposeBlock(
          UnsafePointer(rows + input), rowStride: ByteWeightGradientParameters.sumStride, rows: lanes, columns: lanes,
          to: packed + input * lanes, resultStride: lanes)
      }
      for input in 0..<inputs { packed.store(scale * packed.vector(at: input * lanes), at: input * lanes) }
      step.apply(UnsafePointer(packed), start: (panel * p.inputs + firstInput) * lanes, count: inputs * lanes)
    }
  }

  /// Rows of a panel on their way to tiles of columns: `[block of 32 rows][16 inputs][16 x 32]`, where a tile's word (w, j) is input j
  /// of rows w and w + 16.
  private struct ColumnGroup {
    var source: UnsafePointer<UInt8>
    /// The rows from the first on. Further ones are copies of the last, which dY has zeros for.
    var rows: Int
    var blocks: Int
    var result: UnsafeMutableRawPointer

    init(_ source: UnsafePointer<UInt8>, rows: Int, blocks: Int, to result: UnsafeMutableRawPointer) {
      self.source = source
      self.rows = rows
      self.blocks = blocks
      self.result = result
    }

    /// Converts some tiles of two rows, of the 16 pairs of each block.
    @inline(__always)
    func convert(_ pair: Int, _ tiles: Range<Int>) {
      let row = pair / lanes * 32 + pair % lanes
      let low = source + min(row, rows - 1) * BytePanels.width
      let high = source + min(row + lanes, rows - 1) * BytePanels.width
      let words = result + (pair / lanes * BytePanels.rowGroupBytes + pair % lanes * 64)
      for tile in tiles {
        netc_tiles_convert_bytes(low + tile * lanes, high + tile * lanes, words + tile * 1024)
      }
    }
  }
#endif
