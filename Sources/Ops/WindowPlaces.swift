import Graphs

/// Which places of an image x [N, C, H, W] stand under which window of y [N, C, OH, OW], for the references.
struct WindowPlaces {
  var x: [Int]
  var y: [Int]
  /// For each axis and window: the positions under it, and how many count in a mean.
  private var spans: [[(positions: Range<Int>, divisor: Int)]]

  init(x: [Int], window: Window2D, countPadding: Bool = false) {
    self.x = x
    y = (try? window.resultType(TensorType(.float32, x)).shape) ?? x
    spans = []
    for axis in 0..<2 {
      let extent = x[2 + axis]
      spans.append(
        (0..<y[2 + axis]).map { index in
          let positions = window.span(index, axis: axis, extent: extent)
          let start = index * window.stride[axis] - window.padding[axis]
          let padded = min(start + window.kernel[axis], extent + window.padding[axis]) - start
          return (positions, countPadding ? padded : positions.count)
        })
    }
  }

  /// Bins as `torch.nn.AdaptiveAvgPool2d`: from floor(i * extent / count) to ceil((i + 1) * extent / count).
  init(x: [Int], bins: [Int]) {
    self.x = x
    y = [x[0], x[1], bins[0], bins[1]]
    spans = (0..<2).map { axis in
      let (extent, count) = (x[2 + axis], bins[axis])
      return (0..<count).map { index in
        let positions = (index * extent / count)..<(((index + 1) * extent + count - 1) / count)
        return (positions, positions.count)
      }
    }
  }

  /// Calls `body` for each place of x under each window of y, row by row, with the window's divisor.
  func forEachPlace(_ body: (_ x: Int, _ y: Int, _ divisor: Int) -> Void) {
    for plane in 0..<(y[0] * y[1]) {
      for (row, vertical) in spans[0].enumerated() {
        for (column, horizontal) in spans[1].enumerated() {
          let place = (plane * y[2] + row) * y[3] + column
          for h in vertical.positions {
            for w in horizontal.positions {
              body((plane * x[2] + h) * x[3] + w, place, vertical.divisor * horizontal.divisor)
            }
          }
        }
      }
    }
  }

  /// The gradient of the maximum: each element of dy goes to the first place under its window that equals y.
  func maximumGradient(dy: HostTensor, x: HostTensor, y: HostTensor) -> HostTensor {
    var result = HostTensor(shape: x.shape)
    var taken = [Bool](repeating: false, count: dy.count)
    forEachPlace { from, to, _ in
      guard !taken[to], x.values[from] == y.values[to] else { return }
      taken[to] = true
      result.values[from] += dy.values[to]
    }
    return result
  }

  static let adaptiveSamples: [(size: [Int], shape: [Int])] = [
    ([1, 1], [2, 19, 4, 5]), ([3, 2], [2, 5, 7, 5]), ([2, 2], [1, 16, 6, 4]), ([5, 3], [1, 3, 3, 7]),
    ([3, 4], [2, 17, 3, 4]),
  ]
}
