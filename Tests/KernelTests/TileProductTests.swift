import KernelContract
import Kernels
import Testing

/// Products by tiles of bfloat16 against float64, where the processor has tiles.
@Suite struct TileProductTests {
  typealias Shape = MatrixProductTests.Shape

  static let shapes = [
    (1, 1, 1), (3, 16, 17), (16, 32, 32), (17, 33, 31), (32, 20, 64), (33, 65, 47), (50, 300, 33), (300, 70, 100),
    (40, 270, 1500),
  ].map { Shape(m: $0.0, n: $0.1, k: $0.2) }

  /// The product of `a` split by tiles and `b`, for every way in which items can be shared out; rows of C are not tight.
  private func product(
    _ s: Shape, _ set: InstructionSet, _ a: (Buffer, MatrixStrides), _ b: (Buffer, MatrixStrides),
    _ epilogue: Epilogue = Epilogue(), _ operands: [Buffer] = []
  ) -> [Float] {
    let stride = ceilingQuotient(s.n, 16) * 16 + 16
    let split = TileSplitParameters(rows: s.m, depth: s.k, strides: a.1)
    let tiles = Buffer(split.resultBytes / 4)
    let product = TileProductParameters(
      rows: s.m, columns: s.n, depth: s.k, b: b.1, cRowStride: stride, epilogue: epilogue)
    var first: [Float] = []
    for parts in 1...3 {
      run(split, set, [a.0, tiles], parts: parts)
      let c = Buffer(s.m * stride)
      run(product, set, [tiles, b.0, c] + operands, parts: parts)
      let values = (0..<s.m).flatMap { i in (0..<s.n).map { c[i * stride + $0] } }
      if parts == 1 { first = values }
      #expect(values == first)
    }
    return first
  }

  @Test("every layout of A and B", arguments: shapes, tileSets)
  func layouts(_ s: Shape, _ set: InstructionSet) {
    let a = Buffer.random(s.m * s.k, seed: 1)
    let b = Buffer.random(s.k * s.n, seed: 2)
    let sums = MatrixProductTests.reference(a, b, s)
    let bT = MatrixProductTests.transposed(b, rows: s.k, columns: s.n)
    let aT = MatrixProductTests.transposed(a, rows: s.m, columns: s.k)
    let turned = Shape(m: s.m, n: s.k, k: s.n)
    let rows = [(a, MatrixStrides.rowMajor(s.k)), (aT, .columnMajor(s.m))]
    let columns = [
      (MatrixProductTests.packed(b, s, set), MatrixStrides.panels(rows: s.k)), (b, .rowMajor(s.n)),
      (bT, .columnMajor(s.k)), (MatrixProductTests.packed(bT, turned, set), .transposedPanels(columns: s.n)),
    ]
    for (i, a) in rows.enumerated() {
      for (j, b) in columns.enumerated() {
        let values = product(s, set, a, b)
        if let wrong = values.indices.first(where: { !sums[$0].isNear(values[$0], tolerance: 1e-6) }) {
          Issue.record("layouts \(i) and \(j), element \(wrong): \(values[wrong]) instead of \(sums[wrong].value)")
        }
      }
    }
  }

  @Test("bias, residual, activation and mask", arguments: [19, 1501], tileSets)
  func epilogues(depth: Int, _ set: InstructionSet) {
    let s = Shape(m: 37, n: 41, k: depth)
    let a = Buffer.random(s.m * s.k, seed: 1)
    let b = Buffer.random(s.k * s.n, seed: 2)
    let sums = MatrixProductTests.reference(a, b, s)
    let bias = Buffer.random(48, seed: 3)
    let residual = Buffer.random(s.m * 64, seed: 4)
    let mask = Buffer.random(s.m * 64, seed: 5)
    for flags in 0..<16 {
      let epilogue = Epilogue(
        bias: flags & 1 > 0, residual: flags & 2 > 0, activation: flags & 8 > 0 ? .relu : .none,
        mask: flags & 4 > 0 ? .values : .none)
      let values = product(
        s, set, (a, .rowMajor(s.k)), (b, .rowMajor(s.n)), epilogue,
        (epilogue.bias ? [bias] : []) + (epilogue.residual ? [residual] : []) + (epilogue.mask != .none ? [mask] : []))
      for i in 0..<s.m {
        for j in 0..<s.n {
          var x = sums[i * s.n + j].value
          if epilogue.bias { x += Double(bias[j]) }
          if epilogue.residual { x += Double(residual[i * 64 + j]) }
          if flags & 8 > 0 { x = max(x, 0) }
          if epilogue.mask != .none && !(mask[i * 64 + j] > 0) { x = 0 }
          #expect(abs(x - Double(values[i * s.n + j])) < 1e-4, "\(epilogue) at \(i), \(j)")
        }
      }
    }
  }

  /// Whole sums err no more than those of float32 products do.
  @Test(arguments: tileSets)
  func exactness(_ set: InstructionSet) {
    let s = Shape(m: 64, n: 64, k: 1000)
    let a = Buffer.random(s.m * s.k, seed: 1)
    let b = Buffer.random(s.k * s.n, seed: 2)
    let sums = MatrixProductTests.reference(a, b, s)
    let panels = MatrixProductTests.packed(b, s, set)
    let c = Buffer(s.m * s.n)
    run(
      MatrixProductParameters(
        rows: s.m, columns: s.n, depth: s.k, a: .rowMajor(s.k), b: .panels(rows: s.k), cRowStride: s.n,
        epilogue: Epilogue()), set, [a, panels, c])
    func squares(_ values: [Float]) -> Double {
      zip(values, sums).reduce(0) { $0 + (Double($1.0) - $1.1.value) * (Double($1.0) - $1.1.value) }
    }
    #expect(squares(product(s, set, (a, .rowMajor(s.k)), (panels, .panels(rows: s.k)))) <= squares(c.values))
  }

  /// Numbers of all magnitudes, whose parts must not be lost where the number is not.
  @Test(arguments: tileSets)
  func magnitudes(_ set: InstructionSet) {
    let s = Shape(m: 32, n: 32, k: 32)
    let a = Buffer.random(s.m * s.k, seed: 1)
    let identity = Buffer(s.k * s.n, filledWith: 0)
    for i in 0..<32 { identity.floats[i * 32 + i] = 1 }
    for exponent in stride(from: -80, through: 120, by: 20) {
      let scaled = Buffer(a.values.map { $0 * Float(sign: .plus, exponent: exponent, significand: 1) })
      let isSame = product(s, set, (scaled, .rowMajor(32)), (identity, .rowMajor(32))) == scaled.values
      #expect(isSame, "2^\(exponent)")
    }
  }

  /// The layers of a net that are large enough.
  @Test(arguments: tileSets)
  func linearLayers(_ set: InstructionSet) {
    let s = LinearShape(rows: 260, inputs: 272, outputs: 288, inputRow: 272, outputRow: 288, unit: set.unit)
    let forward = s.forwardCalls(
      Epilogue(), x: .operand(0), weights: .operand(1), result: .result, epilogueOperands: [])
    let gradient = s.dataGradientCalls(
      Epilogue(), dy: .operand(0), weights: .operand(1), result: .result, epilogueOperands: [])
    let w = Buffer.random(288 * 272, seed: 2)
    let packed = Buffer(s.weightCount)
    run(s.packing(.pack), set, [w, packed])
    for (sequence, columns, depth, at) in [
      (forward, 288, 272, { (j: Int, k: Int) in j * 272 + k }),
      (gradient, 272, 288, { (j: Int, k: Int) in k * 272 + j }),
    ] {
      #expect(sequence.calls.contains { $0.parameters is TileProductParameters })
      let x = Buffer.random(260 * depth, seed: 3)
      let y = Buffer(260 * columns)
      run(sequence, set, operands: [x, packed], result: y, parts: 3)
      for i in stride(from: 0, to: 260, by: 7) {
        for j in 0..<columns {
          var sum = Sum()
          for k in 0..<depth { sum.add(x[i * depth + k], w[at(j, k)]) }
          #expect(sum.isNear(y[i * columns + j], tolerance: 1e-6))
        }
      }
    }
  }
}
