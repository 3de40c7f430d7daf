import KernelContract
import Testing

@Suite struct KernelCostTests {
  /// F(4x4,3x3) multiplies 36 times where the definition takes 16 outputs of 9 products each, and whole tiles at the border.
  @Test(arguments: [(8, 4), (7, 4), (6, 4)])
  func winogradExecutesFewerOperations(size: Int, tile: Int) {
    let image = ImageExtents(height: size, width: size, channels: 32)
    let call = WinogradConvolutionParameters(
      .f4x3, images: 3, x: image, y: image, paddingTop: 1, paddingLeft: 1, epilogue: Epilogue())
    let across = Double((size + tile - 1) / tile)
    let cost = call.cost(operandBytes: [1, 20, 300])
    #expect(cost.usefulFlops == 2 * 3 * Double(size * size) * 9 * 32 * 32)
    #expect(cost.executedFlops == 2 * 3 * across * across * 36 * 32 * 32)
    #expect(cost.bytes == 321)
  }

  /// Six products of bfloat16 make one of float32.
  @Test func tilesMultiplySixTimes() {
    let product = TileProductParameters(
      rows: 512, columns: 512, depth: 512, b: .panels(rows: 512), cRowStride: 512, epilogue: Epilogue())
    let cost = product.cost(operandBytes: [])
    #expect(cost.usefulFlops == 2 * 512 * 512 * 512)
    #expect(cost.executedFlops == 6 * cost.usefulFlops)
    #expect(cost.unit == .tiles)
  }

  /// Of bytes tiles multiply three parts of each weight, vectors the weight itself.
  @Test func bytesAreMultipliedOnceOrThreeTimes() {
    for (unit, times) in [(ArithmeticUnit.vectors, 1.0), (.tiles, 3)] {
      let layer = LinearShape(
        rows: 100, inputs: 5000, outputs: 20, inputRow: 0, outputRow: 32, byteScale: 1, unit: unit)
      let forward = layer.forwardCalls(
        Epilogue(), x: .operand(0), weights: .operand(1), result: .result, epilogueOperands: [])
      let gradient = layer.weightGradientCalls(
        .none, x: .operand(0), dy: .operand(1), destination: [.operand(2)])
      for call in [forward.calls[0], gradient.calls.last!] {
        let cost = call.parameters.cost(operandBytes: [])
        #expect(cost.usefulFlops == 2 * 100 * 5000 * 20)
        #expect(cost.executedFlops == times * cost.usefulFlops)
        #expect(cost.unit == unit)
      }
    }
  }

  /// A lookup of 100 rows of 64 numbers reads 100 rows of the table, however many it has.
  @Test func aLookupReadsTheRowsThatItNames() {
    let call = EmbeddingParameters(
      tokens: TokenPlaces(count: 100, width: 100, stride: 100),
      table: TableShape(rows: 50_000, columns: 64, stride: 64, isPanels: false), resultStride: 64)
    let rows = 4.0 * 100 * 64
    #expect(call.cost(operandBytes: [4 * 50_000 * 64, 400, rows]).bytes == 2 * rows + 400)
  }
}
