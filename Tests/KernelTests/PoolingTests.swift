import KernelContract
import Testing

/// A pooling to try: an image's extents and the axes of its windows.
private struct PoolingCase: CustomTestStringConvertible {
  var rows: PoolingWindows.Axis
  var columns: PoolingWindows.Axis
  var testDescription: String { "\(rows) x \(columns)" }

  /// PyTorch's number of windows, with `ceil_mode` if asked for.
  static func axis(
    _ input: Int, _ kernel: Int, _ stride: Int, _ padding: Int = 0, _ dilation: Int = 1, ceil: Bool = false
  ) -> PoolingWindows.Axis {
    let reach = dilation * (kernel - 1) + 1
    var output = (input + 2 * padding - reach + (ceil ? stride - 1 : 0)) / stride + 1
    if (output - 1) * stride >= input + padding { output -= 1 }
    return .init(input: input, output: output, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
  }

  static let all: [PoolingCase] = [
    .init(rows: axis(6, 2, 2), columns: axis(7, 2, 2)), .init(rows: axis(7, 3, 2, 1), columns: axis(8, 3, 2, 1)),
    .init(rows: axis(5, 3, 1, 1), columns: axis(6, 2, 2)),
    .init(rows: axis(6, 3, 2, ceil: true), columns: axis(8, 3, 2, 1, ceil: true)),
    .init(rows: axis(8, 2, 3), columns: axis(9, 2, 3)), .init(rows: axis(9, 3, 2, 1, 2), columns: axis(8, 2, 1, 1, 3)),
    .init(rows: .init(input: 4, bins: 1), columns: .init(input: 5, bins: 1)),
    .init(rows: .init(input: 7, bins: 3), columns: .init(input: 5, bins: 2)),
    .init(rows: .init(input: 3, bins: 5), columns: .init(input: 7, bins: 3)),
    .init(rows: axis(4, 2, 2, ceil: true), columns: axis(5, 2, 2, ceil: true)),
  ]
}

@Suite struct PoolingTests {
  /// The positions under a window in the image, and how many there are in the padded one, after PyTorch's `pooling_shape`.
  private func positions(_ axis: PoolingWindows.Axis, _ index: Int) -> (inside: [Int], padded: Int) {
    if axis.isAdaptive {
      let start = index * axis.input / axis.output
      let end = Int((Double((index + 1) * axis.input) / Double(axis.output)).rounded(.up))
      return (Array(start..<end), end - start)
    }
    let all = (0..<axis.kernel).map { index * axis.stride - axis.padding + $0 * axis.dilation }
    return (all.filter { (0..<axis.input).contains($0) }, all.count { $0 < axis.input + axis.padding })
  }

  @Test(arguments: PoolingCase.all, [(1, 1), (3, 3), (5, 16), (16, 16), (20, 32), (70, 80)])
  private func poolingAgreesWithItsDefinition(_ pooling: PoolingCase, _ layout: (channels: Int, stride: Int)) {
    var numbers = TestNumbers(5)
    let (rows, columns) = (pooling.rows, pooling.columns)
    let images = 2
    let windows = PoolingWindows(
      images: images, channels: layout.channels, rows: rows, columns: columns, inputStride: layout.stride,
      outputStride: layout.stride)
    var x = TestRows(
      rows: images * rows.input * columns.input, width: layout.channels, stride: layout.stride, &numbers)
    // Few different values, so that maxima repeat.
    x.values = x.values.map { $0.isNaN ? $0 : ($0 * 2).rounded() / 2 }
    let dy = TestRows(
      rows: images * rows.output * columns.output, width: layout.channels, stride: layout.stride, &numbers)
    let inputs = (0..<x.rows * layout.stride).filter { $0 % layout.stride < layout.channels }
    let outputs = (0..<dy.rows * layout.stride).filter { $0 % layout.stride < layout.channels }

    for function in [Pooling.Function.maximum, .average, .paddedAverage] {
      var expected = [Double](repeating: 0, count: dy.values.count)
      var gradient = [Double](repeating: 0, count: x.values.count)
      for n in 0..<images {
        for i in 0..<rows.output {
          for j in 0..<columns.output {
            let (vertical, horizontal) = (positions(rows, i), positions(columns, j))
            let places = vertical.inside.flatMap { h in
              horizontal.inside.map { (n * rows.input + h) * columns.input + $0 }
            }
            let divisor = Double(
              function == .paddedAverage ? vertical.padded * horizontal.padded : places.count)
            let to = (n * rows.output + i) * columns.output + j
            for c in 0..<layout.channels {
              let values = places.map { x[$0, c] }
              if function == .maximum {
                expected[to * layout.stride + c] = values.max()!
                gradient[places[values.firstIndex(of: values.max()!)!] * layout.stride + c] += dy[to, c]
              } else {
                expected[to * layout.stride + c] = values.reduce(0, +) / divisor
                for place in places { gradient[place * layout.stride + c] += dy[to, c] / divisor }
              }
            }
          }
        }
      }
      for table in tables {
        let y = runSplit(
          KernelSequence([KernelCall(Pooling(function, windows), operands: [.operand(0), .result])]), on: table,
          [x.buffer],
          count: dy.values.count, compared: { y in outputs.map { y[$0].bitPattern } })
        for i in outputs { expectClose(y[i], expected[i], tolerance: 1e-6) }
        let operands = function == .maximum ? [dy.buffer, x.buffer, TestBuffer(y)] : [dy.buffer]
        let dx = runSplit(
          KernelSequence([
            KernelCall(
              PoolingGradient(function, windows), operands: operands.indices.map { .operand($0) } + [.result])
          ]), on: table, operands, count: x.values.count, compared: { dx in inputs.map { dx[$0].bitPattern } })
        for i in inputs { expectClose(dx[i], gradient[i], tolerance: 2e-6) }
      }
    }
  }

  @Test func aMaximumOverNoNumberIsNone() {
    let axis = PoolingWindows.Axis(input: 4, output: 2, kernel: 2, stride: 2)
    let windows = PoolingWindows(images: 1, channels: 1, rows: axis, columns: axis, inputStride: 1, outputStride: 1)
    var x = [Float](repeating: 1, count: 16)
    x[5] = .nan
    for table in tables {
      let y = TestBuffer(count: 4)
      run(Pooling(.maximum, windows), on: table, [TestBuffer(x), y])
      #expect(y.values.map(\.isNaN) == [true, false, false, false])
    }
  }
}
