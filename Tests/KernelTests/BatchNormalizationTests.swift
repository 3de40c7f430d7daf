import KernelContract
import Testing

/// Rows, channels and row stride.
let channelShapes = [
  (7, 1, 1), (5, 3, 3), (600, 3, 3), (33, 5, 16), (1, 16, 16), (1030, 16, 16), (513, 20, 32), (40, 20, 20),
  (700, 64, 64),
  (9, 100, 112), (70, 130, 144), (6, 1030, 1040),
]

@Suite struct BatchNormalizationTests {
  private let epsilon = 1e-5

  /// Mean and biased variance of a column.
  private func statistics(_ x: TestRows, _ column: Int) -> (mean: Double, variance: Double) {
    let mean = (0..<x.rows).reduce(0) { $0 + x[$1, column] } / Double(x.rows)
    let variance = (0..<x.rows).reduce(0) { $0 + (x[$1, column] - mean) * (x[$1, column] - mean) } / Double(x.rows)
    return (mean, variance)
  }

  /// The words of the columns that mean something.
  private func words(_ buffer: TestBuffer, _ x: TestRows) -> [UInt32] {
    (0..<x.rows).flatMap { r in (0..<x.width).map { buffer[r * x.stride + $0].bitPattern } }
  }

  @Test(arguments: channelShapes) func statisticsAgreeWithTwoPasses(_ rows: Int, _ channels: Int, _ stride: Int) {
    var numbers = TestNumbers(1)
    // Far from zero, where the difference of squares would lose all digits.
    let x = TestRows(rows: rows, width: channels, stride: stride, &numbers, 1000...1002)
    let size = padded(channels)
    let means = (0..<channels).map { Float(statistics(x, $0).mean) } + Array(repeating: 0, count: size - channels)
    for table in tables {
      let both = runSplit(
        ChannelSums.sequence(.statistics, rows: rows, channels: channels, rowStride: stride, resultStride: size),
        on: table, [x.buffer], count: 2 * size, compared: { Array($0.words.prefix(channels)) })
      let mean = runSplit(
        ChannelSums.sequence(.mean, rows: rows, channels: channels, rowStride: stride), on: table, [x.buffer],
        count: size,
        compared: { Array($0.words.prefix(channels)) })
      let variance = runSplit(
        ChannelSums.sequence(.variance, rows: rows, channels: channels, rowStride: stride), on: table,
        [x.buffer, TestBuffer(means)], count: size, compared: { Array($0.words.prefix(channels)) })
      for c in 0..<channels {
        let expected = statistics(x, c)
        expectClose(both[c], expected.mean, tolerance: 1e-7)
        expectClose(mean[c], expected.mean, tolerance: 1e-6)
        expectClose(both[size + c], expected.variance, tolerance: 1e-5, "\(rows) x \(channels)")
        expectClose(variance[c], expected.variance, tolerance: 1e-5)
      }
    }
  }

  @Test(arguments: channelShapes) func forwardAndGradientAgreeWithTheFormula(
    _ rows: Int, _ channels: Int, _ stride: Int
  ) {
    var numbers = TestNumbers(2)
    let x = TestRows(rows: rows, width: channels, stride: stride, &numbers)
    let dy = TestRows(rows: rows, width: channels, stride: stride, &numbers)
    let residual = TestRows(rows: rows, width: channels, stride: stride, &numbers)
    let size = padded(channels)
    func vector(_ values: [Double]) -> [Float] {
      values.map(Float.init) + Array(repeating: .nan, count: size - channels)
    }
    let all = (0..<channels).map { statistics(x, $0) }
    let (mean, variance) = (vector(all.map(\.mean)), vector(all.map(\.variance)))
    let gamma = vector(numbers.floats(channels, 0.5...2).map(Double.init))
    let beta = vector(numbers.floats(channels).map(Double.init))
    func normalised(_ r: Int, _ c: Int) -> Double { (x[r, c] - all[c].mean) / (all[c].variance + epsilon).squareRoot() }

    for table in tables {
      for (hasResidual, hasReLU) in [(false, false), (false, true), (true, false), (true, true)] {
        let forward = BatchNormalization(
          rows: rows, channels: channels, rowStride: stride, epsilon: epsilon, hasResidual: hasResidual,
          hasReLU: hasReLU)
        let inputs =
          [x.buffer] + [mean, variance, gamma, beta].map { TestBuffer($0) } + (hasResidual ? [residual.buffer] : [])
        let y = TestBuffer(count: rows * stride)
        run(forward, on: table, inputs + [y])
        for parts in 2...4 {
          let split = TestBuffer(count: rows * stride)
          run(forward, on: table, inputs + [split], parts: parts)
          #expect(words(split, x) == words(y, x))
        }
        func value(_ r: Int, _ c: Int) -> Double {
          let plain = normalised(r, c) * Double(gamma[c]) + Double(beta[c]) + (hasResidual ? residual[r, c] : 0)
          return hasReLU ? max(0, plain) : plain
        }
        for r in 0..<rows {
          for c in 0..<channels { expectClose(y[r * stride + c], value(r, c), tolerance: 1e-5) }
        }
        guard !hasResidual else { continue }

        let operands = [dy.buffer, x.buffer, TestBuffer(mean), TestBuffer(variance)]
        let sums = runSplit(
          ChannelSums.sequence(
            hasReLU ? .maskedGradient : .gradient, rows: rows, channels: channels, rowStride: stride,
            resultStride: size,
            epsilon: epsilon),
          on: table, operands + [y], count: 2 * size, compared: { Array($0.words.prefix(channels)) })
        func upstream(_ r: Int, _ c: Int) -> Double { hasReLU && y[r * stride + c] <= 0 ? 0 : dy[r, c] }
        let expected = (0..<channels).map { c in
          (
            (0..<rows).reduce(0) { $0 + upstream($1, c) },
            (0..<rows).reduce(0) { $0 + upstream($1, c) * normalised($1, c) }
          )
        }
        for c in 0..<channels {
          expectClose(sums[c], expected[c].0, tolerance: 2e-6, scale: Double(rows))
          expectClose(sums[size + c], expected[c].1, tolerance: 2e-6, scale: Double(rows))
        }
        let gradient = BatchNormalizationGradient(
          rows: rows, channels: channels, rowStride: stride, sumStride: size, epsilon: epsilon, hasMask: hasReLU)
        let inputsOfGradient = operands + [TestBuffer(gamma), TestBuffer(sums)] + (hasReLU ? [y] : [])
        let dx = TestBuffer(count: rows * stride)
        run(gradient, on: table, inputsOfGradient + [dx])
        for parts in 2...4 {
          let split = TestBuffer(count: rows * stride)
          run(gradient, on: table, inputsOfGradient + [split], parts: parts)
          #expect(words(split, x) == words(dx, x))
        }
        for r in 0..<rows {
          for c in 0..<channels {
            let scale = Double(gamma[c]) / (all[c].variance + epsilon).squareRoot()
            let value =
              scale
              * (upstream(r, c) - expected[c].0 / Double(rows) - normalised(r, c) * expected[c].1 / Double(rows))
            expectClose(dx[r * stride + c], value, tolerance: 2e-5, scale: 1 + scale)
          }
        }
      }
    }
  }
}
