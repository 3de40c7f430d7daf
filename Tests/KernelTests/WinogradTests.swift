import KernelContract
import Kernels
import Testing

@Suite struct WinogradTests {
  static let sixPoints = [0, 0.625, -0.625, 1.5, -1.5]

  @Test("the construction convolves", arguments: [(4, 3), (2, 5), (3, 4), (5, 2)])
  func construction(_ outputs: Int, _ taps: Int) {
    let algorithm = ToomCook(points: Self.sixPoints, outputs: outputs, taps: taps)
    for i in 0..<6 {
      for j in 0..<taps {
        let d = (0..<6).map { $0 == i ? 1.0 : 0 }
        let g = (0..<taps).map { $0 == j ? 1.0 : 0 }
        let y = algorithm.convolution(d, g)
        for o in 0..<outputs { #expect(abs(y[o] - (o + j == i ? 1 : 0)) < 1e-13) }
      }
    }
  }

  @Test("transformed filters are those of the construction", arguments: WinogradTransform.allCases, instructionSets)
  func filters(_ transform: WinogradTransform, _ set: InstructionSet) {
    let (r, n) = (transform.taps, transform.points)
    let points = n == 6 ? Self.sixPoints : [0, 1, -1]
    let g = ToomCook(points: points, outputs: transform.outputs, taps: r).filter
    let (inputs, outputs) = (18, 21)
    let weights = Buffer.random(2 * r * r * inputs * 16, seed: 1)
    for isForGradient in [false, true] {
      let parameters = WinogradWeightsParameters(
        transform, inputs: inputs, outputs: outputs, isForGradient: isForGradient)
      let result = Buffer(parameters.resultBytes / 4)
      run(parameters, set, [weights, result], parts: 3)
      for (o, i) in [(0, 0), (3, 15), (16, 16), (20, 17), (20, 2)] {
        for u in 0..<n {
          for v in 0..<n {
            var sum = Sum()
            for a in 0..<r {
              for b in 0..<r {
                let tap = isForGradient ? r * r - 1 - (a * r + b) : a * r + b
                let weight = weights[((o / 16 * r * r + tap) * inputs + i) * 16 + o % 16]
                sum.value += g[u][a] * g[v][b] * Double(weight)
                sum.magnitude += abs(g[u][a] * g[v][b] * Double(weight))
              }
            }
            let place = isForGradient ? (i / 16 * outputs + o) * 16 + i % 16 : (o / 16 * inputs + i) * 16 + o % 16
            #expect(sum.isNear(result[(u * n + v) * parameters.matrixStride + place], tolerance: 1e-6))
          }
        }
      }
    }
  }

  /// A convolution of stride 1 and its tensors.
  struct Case: CustomTestStringConvertible, Sendable {
    var transform: WinogradTransform
    var images: Int
    var height: Int
    var width: Int
    var inputs: Int
    var outputs: Int
    var top: Int
    var left: Int
    var bottom: Int
    var right: Int

    init(_ t: WinogradTransform, _ n: Int, _ h: Int, _ w: Int, _ c: Int, _ oc: Int, _ padding: [Int]) {
      (transform, images, height, width, inputs, outputs) = (t, n, h, w, c, oc)
      (top, left, bottom, right) = (padding[0], padding[1 % padding.count], padding.last!, padding.last!)
    }

    var testDescription: String {
      "\(transform.title) \(images)x\(inputs)x\(height)x\(width) to \(outputs), padding \([top, left, bottom, right])"
    }
    var x: ImageExtents { ImageExtents(height: height, width: width, channels: inputs) }
    var y: ImageExtents {
      ImageExtents(
        height: height + top + bottom - transform.taps + 1, width: width + left + right - transform.taps + 1,
        channels: outputs)
    }

    /// Calls `body` with the places of x, w and y of each product; places are those in memory.
    func forEachProduct(_ body: (_ x: Int, _ w: Int, _ y: Int) -> Void) {
      let (x, y, r) = (x, y, transform.taps)
      for n in 0..<images {
        for (h, v) in (0..<y.height).flatMap({ h in (0..<y.width).map { (h, $0) } }) {
          for (a, b) in (0..<r).flatMap({ a in (0..<r).map { (a, $0) } }) {
            let (i, j) = (h + a - top, v + b - left)
            guard i >= 0 && i < x.height && j >= 0 && j < x.width else { continue }
            let x0 = ((n * x.height + i) * x.width + j) * x.stride
            let y0 = ((n * y.height + h) * y.width + v) * y.stride
            for o in 0..<outputs {
              let w0 = (o / 16 * r * r + a * r + b) * inputs * 16 + o % 16
              for c in 0..<inputs { body(x0 + c, w0 + c * 16, y0 + o) }
            }
          }
        }
      }
    }

    var weightCount: Int { ceilingQuotient(outputs, 16) * 16 * inputs * transform.taps * transform.taps }

    /// Random images, not-a-number in the lanes of padding.
    func images(_ e: ImageExtents, seed: UInt64) -> Buffer {
      let pixels = images * e.height * e.width
      return Buffer.random(pixels * e.channels, seed: seed).spread(rows: pixels, columns: e.channels, stride: e.stride)
    }

    /// Random weights, not-a-number in the lanes of padding.
    func weights() -> Buffer {
      let result = Buffer.random(weightCount, seed: 2)
      for i in 0..<weightCount {
        let panel = i / (weightCount / ceilingQuotient(outputs, 16))
        if panel * 16 + i % 16 >= outputs { result.floats[i] = .nan }
      }
      return result
    }
  }

  static let cases = [
    Case(.f4x3, 1, 6, 6, 16, 16, [1]), Case(.f4x3, 2, 4, 5, 16, 32, [1]), Case(.f4x3, 3, 7, 7, 80, 48, [1]),
    Case(.f4x3, 1, 14, 13, 33, 17, [0]), Case(.f4x3, 2, 9, 30, 20, 40, [2]), Case(.f4x3, 1, 30, 28, 16, 70, [1, 2, 0]),
    Case(.f4x3, 5, 28, 28, 18, 16, [1]), Case(.f4x3, 1, 8, 5, 64, 80, [3]), Case(.f4x3, 1, 3, 4, 16, 16, [0]),
    Case(.f2x3, 2, 7, 7, 48, 33, [1]), Case(.f2x3, 3, 4, 6, 16, 80, [0]), Case(.f2x3, 1, 13, 10, 17, 16, [2, 1]),
    Case(.f4x3, 1, 4, 5, 340, 331, [1]), Case(.f4x3, 1, 6, 6, 140, 90, [1]),
    Case(.f2x5, 2, 12, 13, 24, 35, [2]), Case(.f2x5, 1, 9, 8, 16, 16, [0]), Case(.f2x5, 3, 5, 6, 40, 64, [1, 3, 0]),
  ]

  /// The logical elements of a channels-last or panel buffer whose magnitude (the sum of the terms') is known.
  static func compare(_ found: Buffer, _ sums: [Sum], tolerance: Double = 2e-5) -> Int? {
    sums.indices.first { sums[$0].magnitude > 0 && !sums[$0].isNear(found[$0], tolerance: tolerance) }
  }

  @Test("outputs and both gradients are those of the direct convolution", arguments: cases, instructionSets)
  func directions(_ c: Case, _ set: InstructionSet) {
    let (x, w, dy) = (c.images(c.x, seed: 1), c.weights(), c.images(c.y, seed: 3))
    var (ySums, dxSums, dwSums) = (
      [Sum](repeating: Sum(), count: dy.count), [Sum](repeating: Sum(), count: x.count),
      [Sum](repeating: Sum(), count: w.count)
    )
    c.forEachProduct { x0, w0, y0 in
      ySums[y0].add(x[x0], w[w0])
      dxSums[x0].add(dy[y0], w[w0])
      dwSums[w0].add(x[x0], dy[y0])
    }
    let last = c.transform.taps - 1
    let forward = WinogradConvolutionParameters(
      c.transform, images: c.images, x: c.x, y: c.y, paddingTop: c.top, paddingLeft: c.left, epilogue: Epilogue())
    let fixed = WinogradConvolutionParameters(
      c.transform, images: c.images, x: c.x, y: c.y, paddingTop: c.top, paddingLeft: c.left, weightsAreFixed: true,
      epilogue: Epilogue())
    let backward = WinogradConvolutionParameters(
      c.transform, images: c.images, x: c.y, y: c.x, paddingTop: last - c.top, paddingLeft: last - c.left,
      isGradient: true, epilogue: Epilogue())
    let gradient = WinogradWeightGradientParameters(
      c.transform, images: c.images, x: c.x, dy: c.y, paddingTop: c.top, paddingLeft: c.left)
    var first: [[UInt32]] = []
    for parts in 1...3 {
      let (y, yOfFixed, dx, dw) = (Buffer(dy.count), Buffer(dy.count), Buffer(x.count), Buffer(w.count))
      for (parameters, images, result) in [(forward, x, y), (fixed, x, yOfFixed), (backward, dy, dx)] {
        let calls = parameters.calls(x: .operand(0), weights: .operand(1), y: .result, epilogueOperands: [])
        run(calls, set, operands: [images, w], result: result, parts: parts)
      }
      run(
        WinogradWeightGradientParameters.calls(
          gradient, update: .none, x: .operand(0), dy: .operand(1), destination: [.result]), set, operands: [x, dy],
        result: dw, parts: parts)
      // Padding lanes may differ between runs.
      let values = zip([y, yOfFixed, dx, dw], [ySums, ySums, dxSums, dwSums]).map { found, sums in
        sums.indices.map { sums[$0].magnitude > 0 ? found[$0].bitPattern : 0 }
      }
      if parts == 1 {
        first = values
        #expect(w.values.indices.allSatisfy { !w[$0].isNaN || dw[$0] == 0 }, "lanes beyond the last channel")
        for (name, found, sums) in [
          ("y", y, ySums), ("y, fixed", yOfFixed, ySums), ("dx", dx, dxSums), ("dw", dw, dwSums),
        ] {
          if let i = Self.compare(found, sums) { Issue.record("\(name)[\(i)] = \(found[i]), not \(sums[i].value)") }
        }
      } else {
        #expect(values == first)
      }
    }
  }

  @Test("epilogues", arguments: WinogradTransform.allCases, instructionSets)
  func epilogues(_ transform: WinogradTransform, _ set: InstructionSet) {
    let c = Case(transform, 2, 7, 9, 17, 35, [1])
    let (x, w) = (c.images(c.x, seed: 1), c.weights())
    let bias = Buffer.random(48, seed: 4)
    let (residual, mask) = (c.images(c.y, seed: 5), c.images(c.y, seed: 6))
    var sums = [Sum](repeating: Sum(), count: residual.count)
    c.forEachProduct { x0, w0, y0 in sums[y0].add(x[x0], w[w0]) }
    let weights = WinogradWeightsParameters(transform, inputs: c.inputs, outputs: c.outputs)
    let transformed = Buffer(weights.resultBytes / 4)
    run(weights, set, [w, transformed])
    for activation in [Epilogue.Activation.none, .relu, .sigmoid, .tanh] {
      for flags in 0..<8 {
        let epilogue = Epilogue(
          bias: flags & 1 > 0, residual: flags & 2 > 0, activation: activation, mask: flags & 4 > 0 ? .values : .none)
        let y = Buffer(residual.count)
        run(
          WinogradConvolutionParameters(
            transform, images: c.images, x: c.x, y: c.y, paddingTop: c.top, paddingLeft: c.left, epilogue: epilogue),
          set,
          [x, transformed, y] + (epilogue.bias ? [bias] : []) + (epilogue.residual ? [residual] : [])
            + (epilogue.mask != .none ? [mask] : []))
        for i in sums.indices where sums[i].magnitude > 0 {
          var value = sums[i].value
          if epilogue.bias { value += Double(bias[i % c.y.stride]) }
          if epilogue.residual { value += Double(residual[i]) }
          switch activation {
          case .none: break
          case .relu: value = max(value, 0)
          // The series for the exponential serves arguments up to 20, where both functions have reached their limits.
          case .sigmoid:
            let half = 1 / (1 + exponential(min(abs(value), 20)))
            value = value > 0 ? 1 - half : half
          case .tanh:
            let rest = 2 / (exponential(min(abs(2 * value), 20)) + 1)
            value = value > 0 ? 1 - rest : rest - 1
          }
          if epilogue.mask != .none && !(mask[i] > 0) { value = 0 }
          if abs(value - Double(y[i])) > 1e-4 {
            Issue.record("\(epilogue) at \(i): \(y[i]), not \(value)")
            break
          }
        }
      }
    }
  }

  @Test("the gradient's splits are added up in the optimizer's update", arguments: instructionSets)
  func update(_ set: InstructionSet) {
    let c = Case(.f4x3, 8, 28, 28, 16, 16, [1])
    let (x, dy, weights) = (c.images(c.x, seed: 1), c.images(c.y, seed: 3), c.weights())
    let before = weights.values
    let gradient = WinogradWeightGradientParameters(
      c.transform, images: c.images, x: c.x, dy: c.y, paddingTop: c.top, paddingLeft: c.left)
    #expect(gradient.splits > 1)
    let step = Buffer(1)
    step.address.storeBytes(of: Int32(1), as: Int32.self)
    run(
      WinogradWeightGradientParameters.calls(
        gradient, update: .sgd(), x: .operand(0), dy: .operand(1),
        destination: [.operand(2), .operand(3), .operand(4)]), set,
      operands: [x, dy, weights, Buffer([0.01]), step], parts: 2)
    var sums = [Sum](repeating: Sum(), count: weights.count)
    c.forEachProduct { x0, w0, y0 in sums[w0].add(x[x0], dy[y0]) }
    for i in sums.indices { #expect(abs(Double(before[i]) - 0.01 * sums[i].value - Double(weights[i])) < 1e-4) }
  }

  @Test(
    "errors are at most four times those of sums in float32", arguments: WinogradTransform.allCases, instructionSets)
  func accuracy(_ transform: WinogradTransform, _ set: InstructionSet) {
    let c = Case(transform, 1, 12, 12, 64, 64, [1])
    let (x, w, dy) = (c.images(c.x, seed: 1), c.weights(), c.images(c.y, seed: 3))
    var exact = [[Double](repeating: 0, count: dy.count), [Double](repeating: 0, count: w.count)]
    var direct = [[Float](repeating: 0, count: dy.count), [Float](repeating: 0, count: w.count)]
    c.forEachProduct { x0, w0, y0 in
      exact[0][y0] += Double(x[x0]) * Double(w[w0])
      direct[0][y0].addProduct(x[x0], w[w0])
      exact[1][w0] += Double(x[x0]) * Double(dy[y0])
      direct[1][w0].addProduct(x[x0], dy[y0])
    }
    let weights = WinogradWeightsParameters(transform, inputs: c.inputs, outputs: c.outputs)
    let (transformed, y, dw) = (Buffer(weights.resultBytes / 4), Buffer(dy.count), Buffer(w.count))
    run(weights, set, [w, transformed])
    run(
      WinogradConvolutionParameters(
        transform, images: c.images, x: c.x, y: c.y, paddingTop: c.top, paddingLeft: c.left, epilogue: Epilogue()), set,
      [x, transformed, y])
    let gradient = WinogradWeightGradientParameters(
      transform, images: c.images, x: c.x, dy: c.y, paddingTop: c.top, paddingLeft: c.left)
    run(
      WinogradWeightGradientParameters.calls(
        gradient, update: .none, x: .operand(0), dy: .operand(1), destination: [.result]), set, operands: [x, dy],
      result: dw)
    for (i, found) in [y.values, dw.values].enumerated() {
      func meanSquare(_ values: [Float]) -> Double {
        zip(values, exact[i]).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) } / Double(values.count)
      }
      let ratio = (meanSquare(found) / meanSquare(direct[i])).squareRoot()
      #expect(ratio < 4, "direction \(i)")
    }
  }
}
