import CPUDetection
import KernelContract

#if AVX512
  /// Sums of 10 outputs by 2 vectors of inputs, these, and what an output has at a row take 23 of 32 registers.
  private typealias GradientSums<let outputs: Int> = InlineArray<outputs, InlineArray<2, RegisterVector>>
  private let gradientOutputs = 10
  private let gradientVectors = 2
  /// How many outputs are multiplied by inputs that are converted on the way.
  @inline(__always)
  private func convertingOutputs(_ outputs: Int) -> Int {
    ceilingQuotient(outputs, ceilingQuotient(outputs, gradientOutputs))
  }
#else
  /// Sums of 3 outputs by 4 vectors of inputs, one of these, and what each output has at a row take 16 of 16 registers.
  private typealias GradientSums<let outputs: Int> = InlineArray<outputs, InlineArray<4, RegisterVector>>
  private let gradientOutputs = 3
  private let gradientVectors = 4

  /// How many outputs are multiplied by inputs that are converted on the way, which takes registers of its own.
  @inline(__always)
  private func convertingOutputs(_ outputs: Int) -> Int { min(2, outputs) }
#endif

/// The inputs of a tile.
@_transparent private var gradientInputs: Int { gradientVectors * registerLanes }

/// The kernel of `ByteVectorWeightGradientParameters`; an item is a block of inputs by a block of outputs.
func byteVectorWeightGradient(_ context: borrowing KernelContext, _ first: Int, _ end: Int) {
  let gradient = ByteVectorWeightGradient(context)
  for item in first..<end { gradient.run(item) }
}

/// One call, with its operands unpacked. The lanes of sums are inputs, as bytes lie.
private struct ByteVectorWeightGradient {
  let p: ByteVectorWeightGradientParameters
  let x: UnsafePointer<UInt8>
  let dy: UnsafePointer<Float>
  let step: OptimizerStep
  /// The inputs of a tile as floats, row by row.
  let converted: UnsafeMutablePointer<Float>
  /// The rows of dY that are multiplied.
  let slopes: UnsafeMutablePointer<Float>
  /// A row for each output.
  let sums: UnsafeMutablePointer<Float>
  let packed: UnsafeMutablePointer<Float>
  /// The rows that are multiplied at a time, and floats from the sums of an output to those of the next.
  let rowBlock: Int
  let sumStride: Int

  init(_ context: borrowing KernelContext) {
    p = context.parameters.load(as: ByteVectorWeightGradientParameters.self)
    x = UnsafePointer(context.operands[0].assumingMemoryBound(to: UInt8.self))
    dy = UnsafePointer(context.floats(1))
    step = OptimizerStep(p.update, context, first: 2)
    rowBlock = ByteVectorWeightGradientParameters.rowBlock
    sumStride = ByteVectorWeightGradientParameters.sumStride
    converted = context.scratch.assumingMemoryBound(to: Float.self)
    slopes = converted + rowBlock * gradientInputs
    sums = slopes + (rowBlock * p.outputBlock + lanes)
    packed = sums + p.outputBlock * sumStride
  }

  func run(_ item: Int) {
    let firstInput = item / p.outputBlocks * ByteVectorWeightGradientParameters.inputBlock
    let firstOutput = item % p.outputBlocks * p.outputBlock
    let inputs = min(ByteVectorWeightGradientParameters.inputBlock, p.inputs - firstInput)
    let outputs = min(p.outputBlock, p.outputs - firstOutput)
    let padded = ceilingQuotient(outputs, lanes) * lanes
    let panel = x + firstInput * p.rows
    for row in stride(from: 0, to: p.rows, by: rowBlock) {
      let rows = min(rowBlock, p.rows - row)
      copySlopes(dy + (row * p.slopeRow + firstOutput), rows, outputs)
      let shape = GradientShape(
        steps: rows, rowBytes: BytePanels.width, aheadBytes: rowBlock * BytePanels.width, slopeRow: outputs,
        sumStride: sumStride, accumulates: row > 0, bytes: panel + row * BytePanels.width, inputs: converted,
        slopes: UnsafePointer(slopes))
      for input in stride(from: 0, to: inputs, by: gradientInputs) {
        multiply(shape, firstInput: input, outputs)
      }
    }
    for output in outputs..<padded {
      for i in stride(from: 0, to: inputs, by: lanes) { sums.store(.zero, at: output * sumStride + i) }
    }
    for output in stride(from: 0, to: outputs, by: lanes) {
      update(output, panel: (firstOutput + output) / lanes, firstInput: firstInput, inputs: inputs)
    }
  }

  /// Copies rows of dY without gaps. What is written beyond the end of a row is overwritten by the next.
  private func copySlopes(_ from: UnsafePointer<Float>, _ rows: Int, _ outputs: Int) {
    for r in 0..<rows {
      for i in stride(from: 0, to: outputs, by: lanes) {
        slopes.store(from.vector(at: r * p.slopeRow + i), at: r * outputs + i)
      }
    }
  }

  /// What a block of rows adds to the sums of a tile's inputs and of all outputs. The first outputs convert the inputs on their way.
  @inline(__always)
  private func multiply(_ block: GradientShape, firstInput: Int, _ outputs: Int) {
    var shape = block
    shape.bytes += firstInput
    let converting = convertingOutputs(outputs)
    shape.multiply(outputs: converting, sums + firstInput, converts: true)
    var tiles = Tiles(outputs - converting, most: gradientOutputs)
    while let tile = tiles.next() {
      let output = converting + tile.first
      shape.slopes = block.slopes + output
      shape.multiply(outputs: tile.count, sums + (output * sumStride + firstInput), converts: false)
    }
  }

  /// Packs the sums of 16 outputs as weights are, and applies the update.
  private func update(_ output: Int, panel: Int, firstInput: Int, inputs: Int) {
    let scale = Vector(repeating: p.scale)
    for input in stride(from: 0, to: inputs, by: lanes) {
      transposeBlock(
        UnsafePointer(sums + (output * sumStride + input)), rowStride: sumStride, rows: lanes, columns: lanes,
        to: packed + input * lanes, resultStride: lanes)
    }
    for input in 0..<inputs { packed.store(scale * packed.vector(at: input * lanes), at: input * lanes) }
    step.apply(UnsafePointer(packed), start: (panel * p.inputs + firstInput) * lanes, count: inputs * lanes)
  }
}

/// What register tiles have in common: `sums[j, k] (+)= Σ_i dY[i, j] * X[i, k]` over `steps` rows i.
private struct GradientShape {
  var steps: Int
  /// From a row of X to the next, and to the same of the next block of rows, which is fetched.
  var rowBytes: Int
  var aheadBytes: Int
  /// Floats from a row of dY to the next, and from the sums of an output.
  var slopeRow: Int
  var sumStride: Int
  var accumulates: Bool
  var bytes: UnsafePointer<UInt8>
  /// The inputs as floats, which a tile that converts writes.
  var inputs: UnsafeMutablePointer<Float>
  var slopes: UnsafePointer<Float>

  @inline(__always)
  func multiply(outputs: Int, _ sums: UnsafeMutablePointer<Float>, converts: Bool) {
    withUnsafePointer(to: self) { shape in
      if converts {
        switch outputs {
        case 1: convertingGradient1(shape, sums)
        #if AVX512
          case 2: convertingGradient2(shape, sums)
          case 3: convertingGradient3(shape, sums)
          case 4: convertingGradient4(shape, sums)
          case 5: convertingGradient5(shape, sums)
          case 6: convertingGradient6(shape, sums)
          case 7: convertingGradient7(shape, sums)
          case 8: convertingGradient8(shape, sums)
          case 9: convertingGradient9(shape, sums)
          default: convertingGradient10(shape, sums)
        #else
          default: convertingGradient2(shape, sums)
        #endif
        }
      } else {
        switch outputs {
        case 1: gradient1(shape, sums)
        case 2: gradient2(shape, sums)
        #if AVX512
          case 3: gradient3(shape, sums)
          case 4: gradient4(shape, sums)
          case 5: gradient5(shape, sums)
          case 6: gradient6(shape, sums)
          case 7: gradient7(shape, sums)
          case 8: gradient8(shape, sums)
          case 9: gradient9(shape, sums)
          default: gradient10(shape, sums)
        #else
          default: gradient3(shape, sums)
        #endif
        }
      }
    }
  }
}

/// The register tile. The micro-kernel of other contractions does more at each step, for operands that come from far away.
@inline(__always)
private func addProducts<let outputs: Int>(
  _ type: GradientSums<outputs>.Type, _ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>,
  converts: Bool
) {
  let s = shape.pointee
  var results = GradientSums<outputs> { _ in InlineArray { _ in .zero } }
  if s.accumulates {
    for j in 0..<outputs {
      for n in 0..<gradientVectors {
        results[j][n] = UnsafeRawPointer(sums + (j * s.sumStride + n * registerLanes)).loadUnaligned(
          as: RegisterVector.self)
      }
    }
  }
  var bytes = UnsafeRawPointer(s.bytes)
  var inputs = UnsafeMutableRawPointer(s.inputs)
  var slopes = s.slopes
  var steps = s.steps
  let inputBytes = 4 * gradientInputs
  // Two steps at a time: what is decoded besides multiply-adds takes their time. Conversions leave no register for that.
  while !converts && steps >= 2 {
    addStep(&results, bytes, inputs, slopes, aheadBytes: s.aheadBytes, converts: converts)
    addStep(&results, bytes, inputs + inputBytes, slopes + s.slopeRow, aheadBytes: s.aheadBytes, converts: converts)
    inputs += 2 * inputBytes
    slopes += 2 * s.slopeRow
    steps -= 2
  }
  while steps > 0 {
    addStep(&results, bytes, inputs, slopes, aheadBytes: s.aheadBytes, converts: converts)
    if converts { bytes += s.rowBytes }
    inputs += inputBytes
    slopes += s.slopeRow
    steps -= 1
  }
  for j in 0..<outputs {
    for n in 0..<gradientVectors {
      UnsafeMutableRawPointer(sums + (j * s.sumStride + n * registerLanes)).storeBytes(
        of: results[j][n], as: RegisterVector.self)
    }
  }
}

/// Adds the products of one row.
@inline(__always)
private func addStep<let outputs: Int>(
  _ results: inout GradientSums<outputs>, _ bytes: UnsafeRawPointer, _ inputs: UnsafeMutableRawPointer,
  _ slopes: UnsafePointer<Float>, aheadBytes: Int, converts: Bool
) {
  if converts { netc_prefetch(bytes + aheadBytes) }
  var slope = InlineArray<outputs, RegisterVector>(repeating: .zero)
  for j in 0..<outputs { slope[j] = RegisterVector(repeating: slopes[j]) }
  for n in 0..<gradientVectors {
    let x: RegisterVector
    if converts {
      x = floats(bytes + n * registerLanes)
      inputs.storeBytes(of: x, toByteOffset: 4 * n * registerLanes, as: RegisterVector.self)
    } else {
      x = inputs.loadUnaligned(fromByteOffset: 4 * n * registerLanes, as: RegisterVector.self)
    }
    for j in 0..<outputs { results[j][n] = results[j][n].addingProduct(slope[j], x) }
  }
}

@inline(never)
private func convertingGradient1(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
  addProducts(GradientSums<1>.self, shape, sums, converts: true)
}

@inline(never)
private func convertingGradient2(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
  addProducts(GradientSums<2>.self, shape, sums, converts: true)
}

@inline(never)
private func gradient1(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
  addProducts(GradientSums<1>.self, shape, sums, converts: false)
}

@inline(never)
private func gradient2(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
  addProducts(GradientSums<2>.self, shape, sums, converts: false)
}

@inline(never)
private func gradient3(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
  addProducts(GradientSums<3>.self, shape, sums, converts: false)
}

#if AVX512
  @inline(never)
  private func convertingGradient3(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(GradientSums<3>.self, shape, sums, converts: true)
  }

  @inline(never)
  private func convertingGradient4(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(GradientSums<4>.self, shape, sums, converts: true)
  }

  @inline(never)
  private func convertingGradient5(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(GradientSums<5>.self, shape, sums, converts: true)
  }

  @inline(never)
  private func convertingGradient6(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(GradientSums<6>.self, shape, sums, converts: true)
  }

  @inline(never)
  private func convertingGradient7(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(GradientSums<7>.self, shape, sums, converts: true)
  }

  @inline(never)
  private func convertingGradient8(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(GradientSums<8>.self, shape, sums, converts: true)
  }

  @inline(never)
  private func convertingGradient9(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(GradientSums<9>.self, shape, sums, converts: true)
  }

  @inline(never)
  private func convertingGradient10(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(GradientSums<10>.self, shape, sums, converts: true)
  }

  @inline(never)
  private func gradient4(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(GradientSums<4>.self, shape, sums, converts: false)
  }

  @inline(never)
  private func gradient5(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(GradientSums<5>.self, shape, sums, converts: false)
  }

  @inline(never)
  private func gradient6(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(GradientSums<6>.self, shape, sums, converts: false)
  }

  @inline(never)
  private func gradient7(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(GradientSums<7>.self, shape, sums, converts: false)
  }

  @inline(never)
  private func gradient8(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(GradientSums<8>.self, shape, sums, converts: false)
  }

  @inline(never)
  private func gradient9(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(GradientSums<9>.self, shape, sums, converts: false)
  }

  @inline(never)
  private func gradient10(_ shape: UnsafePointer<GradientShape>, _ sums: UnsafeMutablePointer<Float>) {
    addProducts(GradientSums<10>.self, shape, sums, converts: false)
  }
#endif
