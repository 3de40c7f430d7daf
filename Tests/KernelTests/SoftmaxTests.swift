import KernelContract
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Rows, columns and row stride.
private let shapes = [
  (3, 1, 1), (5, 3, 3), (7, 5, 16), (4, 16, 16), (70, 10, 16), (9, 20, 32), (6, 20, 20), (5, 64, 64), (3, 1000, 1008),
]

/// Runs a call whole and in 2, 3 and 4 parts, expects the same bits in the columns, and gives the result.
private func runRows(
  _ parameters: any KernelParameters, on table: KernelTable, _ operands: [TestBuffer], like x: TestRows
) -> TestBuffer {
  let whole = TestBuffer(count: x.values.count)
  run(parameters, on: table, operands + [whole])
  for parts in 2...4 {
    let split = TestBuffer(count: x.values.count)
    run(parameters, on: table, operands + [split], parts: parts)
    for r in 0..<x.rows {
      for c in 0..<x.width where split[r * x.stride + c].bitPattern != whole[r * x.stride + c].bitPattern {
        Issue.record("row \(r), column \(c) differs in \(parts) parts")
      }
    }
  }
  return whole
}

@Suite struct SoftmaxTests {
  private func logarithmOfSum(_ x: TestRows, _ r: Int) -> Double {
    let greatest = (0..<x.width).map { x[r, $0] }.max()!
    return greatest + log((0..<x.width).reduce(0) { $0 + exp(x[r, $1] - greatest) })
  }

  @Test(arguments: shapes) func rowsAgreeWithTheFormulas(_ rows: Int, _ columns: Int, _ stride: Int) {
    var numbers = TestNumbers(1)
    let x = TestRows(rows: rows, width: columns, stride: stride, &numbers, 90...110)
    let dy = TestRows(rows: rows, width: columns, stride: stride, &numbers)
    for table in tables {
      func call(_ function: RowSoftmax.Function, _ operands: [TestBuffer]) -> TestBuffer {
        runRows(
          RowSoftmax(function, rows: rows, columns: columns, rowStride: stride), on: table, operands, like: x)
      }
      let y = call(.softmax, [x.buffer])
      let logY = call(.logSoftmax, [x.buffer])
      let dx = call(.softmaxGradient, [dy.buffer, y])
      let logDx = call(.logSoftmaxGradient, [dy.buffer, logY])
      for r in 0..<rows {
        let logSum = logarithmOfSum(x, r)
        let p = (0..<columns).map { exp(x[r, $0] - logSum) }
        let dot = (0..<columns).reduce(0) { $0 + p[$1] * dy[r, $1] }
        let sum = (0..<columns).reduce(0) { $0 + dy[r, $1] }
        for c in 0..<columns {
          let i = r * stride + c
          expectClose(y[i], p[c], tolerance: 2e-6, scale: 1e-3)
          expectClose(logY[i], x[r, c] - logSum, tolerance: 2e-6, scale: 10)
          expectClose(dx[i], p[c] * (dy[r, c] - dot), tolerance: 1e-5, scale: 0.1)
          expectClose(logDx[i], dy[r, c] - p[c] * sum, tolerance: 2e-5, scale: 1)
        }
      }
    }
  }

  @Test(arguments: [(1, 4, 5), (2, 3, 16), (3, 7, 48), (2, 5, 37), (1, 9, 1)])
  func otherAxesAgreeWithTheFormulas(_ outer: Int, _ extent: Int, _ inner: Int) {
    var numbers = TestNumbers(2)
    let x = TestRows(rows: outer * extent, width: inner, stride: inner, &numbers, -5...5)
    let dy = TestRows(rows: outer * extent, width: inner, stride: inner, &numbers)
    for table in tables {
      let y = runRows(
        AxisSoftmax(isGradient: false, outer: outer, extent: extent, inner: inner), on: table, [x.buffer], like: x)
      let dx = runRows(
        AxisSoftmax(isGradient: true, outer: outer, extent: extent, inner: inner), on: table, [dy.buffer, y], like: x)
      for o in 0..<outer {
        for i in 0..<inner {
          let sum = (0..<extent).reduce(0) { $0 + exp(x[o * extent + $1, i]) }
          let p = (0..<extent).map { exp(x[o * extent + $0, i]) / sum }
          let dot = (0..<extent).reduce(0) { $0 + p[$1] * dy[o * extent + $1, i] }
          for k in 0..<extent {
            let place = (o * extent + k) * inner + i
            expectClose(y[place], p[k], tolerance: 2e-6, scale: 0.1)
            expectClose(dx[place], p[k] * (dy[o * extent + k, i] - dot), tolerance: 5e-6, scale: 0.1)
          }
        }
      }
    }
  }

  @Test(arguments: shapes, [(0.0, false), (0.1, false), (0.0, true), (0.2, true)])
  func crossEntropyAgreesWithTheFormula(_ shape: (Int, Int, Int), _ variant: (smoothing: Double, hasIgnored: Bool)) {
    let (rows, classes, stride) = shape
    var numbers = TestNumbers(3)
    let x = TestRows(rows: rows, width: classes, stride: stride, &numbers, -4...4)
    var labels = (0..<rows).map { _ in Int32.random(in: 0..<Int32(classes), using: &numbers) }
    if variant.hasIgnored { labels[rows / 2] = -100 }
    let ignored = variant.hasIgnored ? -100 : nil
    // The labels in rows of 2, padded to 16, as those of [rows / 2, 2] are.
    let width = rows % 2 == 0 ? 2 : 1
    var spread = [Int32](repeating: 77, count: rows / width * 16)
    for r in 0..<rows { spread[r / width * 16 + r % width] = labels[r] }
    let logSums = (0..<rows).map { logarithmOfSum(x, $0) }
    let counted = (0..<rows).filter { labels[$0] != -100 }
    let expected = counted.reduce(0) { sum, r in
      let logits = (0..<classes).map { x[r, $0] }
      return sum + logSums[r] - (1 - variant.smoothing) * logits[Int(labels[r])] - variant.smoothing
        * logits.reduce(0, +) / Double(classes)
    }
    for (labels, place) in [
      (TestBuffer(integers: labels), ClassLabels(count: rows, ignored: ignored)),
      (TestBuffer(integers: spread), ClassLabels(width: width, stride: 16, ignored: ignored)),
    ] {
      for table in tables {
        for isMean in [true, false] {
          let loss = runSplit(
            SoftmaxCrossEntropyRows.sequence(
              rows: rows, classes: classes, rowStride: stride, labels: place, smoothing: variant.smoothing,
              isMean: isMean),
            on: table, [x.buffer, labels], count: 1)
          expectClose(loss[0], isMean ? expected / Double(max(1, counted.count)) : expected, tolerance: 2e-6)
        }
        let dx = runSplit(
          SoftmaxCrossEntropyGradient.sequence(
            rows: rows, classes: classes, rowStride: stride, labels: place, smoothing: variant.smoothing), on: table,
          [TestBuffer([0.5]), x.buffer, labels], count: x.values.count,
          compared: { y in (0..<rows * stride).filter { $0 % stride < classes }.map { y[$0].bitPattern } })
        for r in 0..<rows {
          let label = labels.integers[place.width == place.stride ? r : r / width * 16 + r % width]
          for c in 0..<classes {
            let target = (c == Int(label) ? 1 - variant.smoothing : 0) + variant.smoothing / Double(classes)
            let difference = exp(x[r, c] - logSums[r]) - target
            expectClose(
              dx[r * stride + c], label == -100 ? 0 : 0.5 * difference / Double(counted.count), tolerance: 2e-6,
              scale: 0.1)
          }
        }
      }
    }
  }

  @Test func aLabelThatIsNoClassGivesNoNumberAndNoFault() {
    for table in tables {
      for label in [-1, 3, Int32.max, Int32.min] {
        let result = TestBuffer(count: 1)
        let place = ClassLabels(count: 2)
        let operands = [TestBuffer([1, 2, 3, 4, 5, 6]), TestBuffer(integers: [0, label])]
        run(
          SoftmaxCrossEntropyRows.sequence(rows: 2, classes: 3, rowStride: 3, labels: place), on: table, operands,
          result: result)
        #expect(result[0].isNaN)
        let dx = TestBuffer(count: 6)
        run(
          SoftmaxCrossEntropyGradient.sequence(rows: 2, classes: 3, rowStride: 3, labels: place), on: table,
          [TestBuffer([1])] + operands, result: dx)
      }
    }
  }
}
