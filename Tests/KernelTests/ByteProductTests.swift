import KernelContract
import Kernels
import Testing

/// Linear layers of bytes against float64, by vectors and, where the processor has some, by tiles.
@Suite struct ByteProductTests {
  struct Shape: CustomTestStringConvertible {
    var rows: Int
    var inputs: Int
    var outputs: Int
    var testDescription: String { "\(rows) x \(inputs) -> \(outputs)" }
  }

  static let shapes = [
    (1, 1, 1), (3, 40, 17), (16, 512, 16), (33, 513, 20), (31, 1003, 33), (300, 600, 5), (70, 2100, 150),
    (257, 530, 40), (100, 1030, 1), (65, 4100, 20), (130, 255, 16), (50, 777, 37), (1100, 270, 6),
  ].map { Shape(rows: $0.0, inputs: $0.1, outputs: $0.2) }

  static let scale: Float = 1 / 255

  /// Random bytes in panels whose rest is not zero, and the byte of a row and a column.
  private func bytes(_ s: Shape) -> (Buffer, (Int, Int) -> Double) {
    var state: UInt64 = 7
    let panels = Buffer(BytePanels.bytes(rows: s.rows, columns: s.inputs) / 4)
    let bytes = UnsafeMutableRawPointer(panels.floats).assumingMemoryBound(to: UInt8.self)
    for i in 0..<BytePanels.bytes(rows: s.rows, columns: s.inputs) {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      bytes[i] = UInt8(truncatingIfNeeded: state >> 56)
    }
    let width = BytePanels.width
    return (panels, { row, column in Double(bytes[(column / width * s.rows + row) * width + column % width]) })
  }

  private func layer(_ s: Shape, _ set: InstructionSet) -> LinearShape {
    LinearShape(
      rows: s.rows, inputs: s.inputs, outputs: s.outputs, inputRow: 0,
      outputRow: ceilingQuotient(s.outputs, 16) * 16 + 16, byteScale: Self.scale, unit: set.unit)
  }

  @Test(arguments: shapes, InstructionSet.available)
  func forward(_ s: Shape, _ set: InstructionSet) {
    let layer = layer(s, set)
    let (x, byte) = bytes(s)
    let w = Buffer.random(s.outputs * s.inputs, seed: 2)
    let bias = Buffer.random(ceilingQuotient(s.outputs, 16) * 16, seed: 3)
    let packed = Buffer(layer.weightCount)
    run(layer.packing(.pack), set, [w, packed])
    let calls = layer.forwardCalls(
      Epilogue(bias: true, activation: .relu), x: .operand(0), weights: .operand(1), result: .result,
      epilogueOperands: [.operand(2)])
    var first: [Float] = []
    for parts in 1...3 {
      let y = Buffer(s.rows * layer.outputRow)
      run(calls, set, operands: [x, packed, bias], result: y, parts: parts)
      let values = (0..<s.rows).flatMap { i in (0..<s.outputs).map { y[i * layer.outputRow + $0] } }
      if parts == 1 { first = values }
      let areSame = values == first
      #expect(areSame)
    }
    for i in 0..<s.rows {
      for j in 0..<s.outputs {
        var (sum, size) = (Double(bias[j]), abs(Double(bias[j])))
        for k in 0..<s.inputs {
          let term = byte(i, k) / 255 * Double(w[j * s.inputs + k])
          sum += term
          size += abs(term)
        }
        let isNear = abs(max(0, sum) - Double(first[i * s.outputs + j])) <= 4e-7 * size
        #expect(isNear, "row \(i), output \(j)")
      }
    }
  }

  @Test(arguments: shapes, InstructionSet.available)
  func weightGradient(_ s: Shape, _ set: InstructionSet) {
    let layer = layer(s, set)
    let (x, byte) = bytes(s)
    let dy = Buffer.random(s.rows * layer.outputRow, seed: 4)
    let w = Buffer.random(s.outputs * s.inputs, seed: 5)
    let rate = Buffer([0.5])
    let step = Buffer(1)
    for updates in [false, true] {
      let calls = layer.weightGradientCalls(
        updates ? .sgd() : .none, x: .operand(0), dy: .operand(1),
        destination: updates ? [.operand(2), .operand(3), .operand(4)] : [.operand(2)])
      var first: [Float] = []
      for parts in 1...3 {
        let packed = Buffer(layer.weightCount)
        run(layer.packing(.pack), set, [w, packed])
        run(calls, set, operands: [x, dy, packed, rate, step], result: packed, parts: parts)
        let plain = Buffer(s.outputs * s.inputs)
        run(layer.packing(.unpack), set, [packed, plain])
        if parts == 1 { first = plain.values }
        let areSame = plain.values == first
        #expect(areSame)
      }
      for j in 0..<s.outputs {
        for k in stride(from: 0, to: s.inputs, by: s.inputs > 100 ? 3 : 1) {
          var (sum, size) = (0.0, 0.0)
          for i in 0..<s.rows {
            let term = byte(i, k) / 255 * Double(dy[i * layer.outputRow + j])
            sum += term
            size += abs(term)
          }
          let expected = updates ? Double(w[j * s.inputs + k]) - 0.5 * sum : sum
          let isNear = abs(expected - Double(first[j * s.inputs + k])) <= 4e-7 * (size + 1)
          #expect(isNear, "output \(j), input \(k)")
        }
      }
    }
  }
}
