import KernelContract
import Kernels
import Testing

@Suite struct MatrixProductTests {
  struct Shape: CustomTestStringConvertible, Sendable {
    var m: Int
    var n: Int
    var k: Int
    var testDescription: String { "\(m)x\(n)x\(k)" }
  }

  static let shapes = [
    (1, 1, 1), (1, 10, 784), (2, 5, 3), (3, 16, 17), (7, 20, 33), (13, 33, 5), (14, 32, 64), (15, 47, 100), (29, 64, 1),
    (49, 65, 70), (57, 130, 1100), (300, 40, 20), (64, 10, 1024),
    // The sum is cut in two.
    (21, 70, 1500),
  ].map { Shape(m: $0.0, n: $0.1, k: $0.2) }

  /// Σ_k a[i, k] * b[k, j] in float64.
  static func reference(_ a: Buffer, _ b: Buffer, _ s: Shape) -> [Sum] {
    var sums = [Sum](repeating: Sum(), count: s.m * s.n)
    for i in 0..<s.m {
      for j in 0..<s.n { for k in 0..<s.k { sums[i * s.n + j].add(a[i * s.k + k], b[k * s.n + j]) } }
    }
    return sums
  }

  static func packed(_ b: Buffer, _ s: Shape, _ set: InstructionSet) -> Buffer {
    let packing = PanelPackingParameters.rowMajor(.pack, steps: s.k, columns: s.n, rowStride: s.n)
    let result = Buffer(packing.packedCount)
    run(packing, set, [b, result])
    return result
  }

  static func transposed(_ a: Buffer, rows: Int, columns: Int) -> Buffer {
    let result = Buffer(a.count)
    for r in 0..<rows { for c in 0..<columns { result.floats[c * rows + r] = a[r * columns + c] } }
    return result
  }

  @Test("every layout of A and B, with and without splits", arguments: shapes, instructionSets)
  func layouts(_ s: Shape, _ set: InstructionSet) {
    let a = Buffer.random(s.m * s.k, seed: 1)
    let b = Buffer.random(s.k * s.n, seed: 2)
    let sums = Self.reference(a, b, s)
    let stride = ceilingQuotient(s.n, 16) * 16
    let panels = Self.packed(b, s, set)
    let bT = Self.transposed(b, rows: s.k, columns: s.n)
    let aT = Self.transposed(a, rows: s.m, columns: s.k)
    let wideA = a.spread(rows: s.m, columns: s.k, stride: 2048)
    let layouts: [(Buffer, MatrixStrides, Buffer, MatrixStrides)] = [
      (a, .rowMajor(s.k), panels, .panels(rows: s.k)),
      (a, .rowMajor(s.k), b, .rowMajor(s.n)),
      (a, .rowMajor(s.k), bT, .columnMajor(s.k)),
      (aT, .columnMajor(s.m), panels, .panels(rows: s.k)),
      (wideA, .rowMajor(2048), panels, .panels(rows: s.k)),
    ]
    for (index, (a, aStrides, b, bStrides)) in layouts.enumerated() where s.k <= 2048 {
      for splits in [1, 3] where splits <= s.k {
        let product = MatrixProductParameters(
          rows: s.m, columns: s.n, depth: s.k, a: aStrides, b: bStrides, cRowStride: stride, epilogue: Epilogue(),
          splits: splits)
        var first: [Float] = []
        for parts in 1...4 {
          let c = Buffer(s.m * stride)
          let partial = Buffer(splits * s.m * stride)
          run(product, set, [a, b, splits == 1 ? c : partial], parts: parts)
          if splits > 1 {
            run(
              SplitSumParameters(splits: splits, rows: s.m, rowStride: stride, epilogue: Epilogue()), set, [partial, c])
          }
          var values: [Float] = []
          for i in 0..<s.m { for j in 0..<s.n { values.append(c[i * stride + j]) } }
          if parts == 1 {
            first = values
            let wrong = values.indices.first { !sums[$0].isNear(values[$0]) }
            if let wrong { Issue.record("layout \(index), splits \(splits), element \(wrong): \(values[wrong])") }
          } else {
            #expect(values == first)
          }
        }
      }
    }
  }

  /// The second depth is cut into blocks whose sums meet in memory.
  @Test("bias, residual, activation and mask, in that order", arguments: [19, 1501], instructionSets)
  func epilogues(depth: Int, _ set: InstructionSet) {
    let s = Shape(m: 31, n: 37, k: depth)
    let a = Buffer.random(s.m * s.k, seed: 1)
    // The series below is for numbers near zero.
    if depth > 1000 { for i in 0..<a.count { a.floats[i] /= 16 } }
    let b = Buffer.random(s.k * s.n, seed: 2)
    let sums = Self.reference(a, b, s)
    let bias = Buffer.random(48, seed: 3)
    let residual = Buffer.random(s.m * 48, seed: 4)
    let mask = Buffer.random(s.m * 48, seed: 5)
    for activation in [Epilogue.Activation.none, .relu, .sigmoid, .tanh] {
      for flags in 0..<8 {
        let epilogue = Epilogue(
          bias: flags & 1 > 0, residual: flags & 2 > 0, activation: activation, mask: flags & 4 > 0 ? .values : .none)
        let product = MatrixProductParameters(
          rows: s.m, columns: s.n, depth: s.k, a: .rowMajor(s.k), b: .panels(rows: s.k), cRowStride: 48,
          epilogue: epilogue)
        let c = Buffer(s.m * 48)
        run(
          product, set,
          [a, Self.packed(b, s, set), c] + (epilogue.bias ? [bias] : []) + (epilogue.residual ? [residual] : [])
            + (epilogue.mask != .none ? [mask] : []))
        for i in 0..<s.m {
          for j in 0..<s.n {
            var x = sums[i * s.n + j].value
            if epilogue.bias { x += Double(bias[j]) }
            if epilogue.residual { x += Double(residual[i * 48 + j]) }
            switch activation {
            case .none: break
            case .relu: x = max(x, 0)
            case .sigmoid: x = 1 / (1 + exponential(-x))
            case .tanh: x = 1 - 2 / (exponential(2 * x) + 1)
            }
            if epilogue.mask != .none && !(mask[i * 48 + j] > 0) { x = 0 }
            #expect(abs(x - Double(c[i * 48 + j])) < 2e-5, "\(epilogue) at \(i), \(j)")
          }
        }
      }
    }
  }

  @Test("a batch shares what has stride 0", arguments: instructionSets)
  func batches(_ set: InstructionSet) {
    let s = Shape(m: 9, n: 21, k: 13)
    let a = Buffer.random(3 * s.m * s.k, seed: 1)
    let b = Buffer.random(s.k * s.n, seed: 2)
    let product = MatrixProductParameters(
      rows: s.m, columns: s.n, depth: s.k, a: .rowMajor(s.k), b: .rowMajor(s.n), cRowStride: 32, epilogue: Epilogue(),
      batch: 3, aBatchStride: s.m * s.k, bBatchStride: 0, cBatchStride: s.m * 32)
    let c = Buffer(3 * s.m * 32)
    run(product, set, [a, b, c], parts: 2)
    let sums = Self.reference(a, b, Shape(m: 3 * s.m, n: s.n, k: s.k))
    for i in 0..<3 * s.m { for j in 0..<s.n { #expect(sums[i * s.n + j].isNear(c[i * 32 + j])) } }
  }

  @Test("packing and unpacking are inverse", arguments: instructionSets)
  func packing(_ set: InstructionSet) {
    let weights = Buffer.random(2 * 20 * 5 * 6, seed: 1)
    let pack = PanelPackingParameters.convolution(.pack, groups: 2, inputs: 5, outputs: 20, height: 2, width: 3)
    let packed = Buffer(2 * pack.packedCount)
    run(pack, set, [weights, packed], parts: 3)
    for (g, o, i, t) in [(0, 0, 0, 0), (1, 3, 2, 5), (0, 19, 4, 1), (1, 17, 0, 3)] {
      let at = g * pack.packedCount + ((o / 16 * 6 + t) * 5 + i) * 16 + o % 16
      #expect(packed[at] == weights[((g * 20 + o) * 5 + i) * 6 + t])
    }
    #expect(packed[pack.packedCount - 1] == 0)
    let back = Buffer(weights.count)
    run(
      PanelPackingParameters.convolution(.unpack, groups: 2, inputs: 5, outputs: 20, height: 2, width: 3), set,
      [packed, back], parts: 2)
    #expect(back.values == weights.values)
  }
}

/// e^x in float64 by its series, which is independent of the kernels' polynomial.
func exponential(_ x: Double) -> Double {
  var term = 1.0
  var sum = 1.0
  for n in 1..<80 {
    term *= x / Double(n)
    sum += term
  }
  return sum
}
