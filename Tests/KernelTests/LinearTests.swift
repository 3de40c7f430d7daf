import KernelContract
import Kernels
import Testing

@Suite struct LinearTests {
  static let shapes: [LinearShape] = [
    (1, 1, 1), (1, 784, 10), (3, 17, 5), (7, 3000, 20), (32, 100, 1), (33, 65, 47), (64, 16, 130), (500, 40, 7),
    (2, 5, 1100), (40, 520, 64), (8, 9000, 33),
  ].map { m, k, n in
    LinearShape(
      rows: m, inputs: k, outputs: n, inputRow: ceilingQuotient(k, 16) * 16, outputRow: ceilingQuotient(n, 16) * 16)
  }

  @Test("output, gradients of the input, the weights and the bias", arguments: shapes, instructionSets)
  func linear(_ s: LinearShape, _ set: InstructionSet) {
    let (m, k, n) = (s.rows, s.inputs, s.outputs)
    let x = Buffer.random(m * k, seed: 1)
    let w = Buffer.random(n * k, seed: 2)
    let dy = Buffer.random(m * n, seed: 3)
    var y = [Sum](repeating: Sum(), count: m * n)
    var dx = [Sum](repeating: Sum(), count: m * k)
    var dw = [Sum](repeating: Sum(), count: n * k)
    var db = [Sum](repeating: Sum(), count: n)
    for i in 0..<m {
      for o in 0..<n {
        db[o].add(dy[i * n + o])
        for j in 0..<k {
          y[i * n + o].add(x[i * k + j], w[o * k + j])
          dx[i * k + j].add(dy[i * n + o], w[o * k + j])
          dw[o * k + j].add(dy[i * n + o], x[i * k + j])
        }
      }
    }
    let packed = Buffer(s.weightCount)
    run(s.packing(.pack), set, [w, packed])
    let operands = [
      x.spread(rows: m, columns: k, stride: s.inputRow), dy.spread(rows: m, columns: n, stride: s.outputRow), packed,
    ]
    func values(_ sequence: KernelSequence, rows: Int, columns: Int, stride: Int) -> [Float] {
      ConvolutionTests.check(rows: rows, columns: columns, stride: stride) { result, parts in
        run(sequence, set, operands: operands, result: result, parts: parts)
      }
    }
    func compare(_ values: [Float], _ sums: [Sum], _ name: String) {
      if let wrong = sums.indices.first(where: { !sums[$0].isNear(values[$0]) }) {
        Issue.record("\(name) \(wrong): \(values[wrong]) instead of \(sums[wrong].value)")
      }
    }
    compare(
      values(
        s.forwardCalls(Epilogue(), x: .operand(0), weights: .operand(2), result: .result, epilogueOperands: []),
        rows: m, columns: n, stride: s.outputRow), y, "output")
    compare(
      values(
        s.dataGradientCalls(Epilogue(), dy: .operand(1), weights: .operand(2), result: .result, epilogueOperands: []),
        rows: m, columns: k, stride: s.inputRow), dx, "input gradient")
    compare(
      values(
        s.biasGradientCalls(.none, dy: .operand(1), destination: [.result]), rows: 1, columns: n, stride: n + 16), db,
      "bias gradient")
    let gradient = Buffer(
      values(
        s.weightGradientCalls(.none, x: .operand(0), dy: .operand(1), destination: [.result]), rows: 1,
        columns: s.weightCount, stride: s.weightCount))
    let unpacked = Buffer(n * k)
    run(s.packing(.unpack), set, [gradient, unpacked])
    compare(unpacked.values, dw, "weight gradient")
  }
}
