/// What `standardize` and `min_max` need to know of a tensor: one entry for each index of its first axis.
struct DataStatistics {
  var mean: [Double]
  /// The square root of the mean squared distance from the mean (of all, not of a sample), as scikit-learn's `StandardScaler`.
  var deviation: [Double]
  var smallest: [Double]
  var largest: [Double]

  /// Two passes over the given rows of `data`, which is a tensor of `f32`, in double precision.
  init(of data: DataTensor, rows: [Int32]) {
    let channels = max(1, data.declaration.shape.first ?? 1)
    let count = Double(rows.count) * Double(max(1, data.exampleSize / channels))
    var sums = [Double](repeating: 0, count: channels)
    var smallest = [Double](repeating: .infinity, count: channels)
    var largest = [Double](repeating: -.infinity, count: channels)
    Self.visit(data, rows: rows, channels: channels) { channel, value in
      sums[channel] += value
      smallest[channel] = min(smallest[channel], value)
      largest[channel] = max(largest[channel], value)
    }
    let mean = sums.map { $0 / count }
    var squares = [Double](repeating: 0, count: channels)
    Self.visit(data, rows: rows, channels: channels) { channel, value in
      let distance = value - mean[channel]
      squares[channel] += distance * distance
    }
    self.mean = mean
    deviation = squares.map { ($0 / count).squareRoot() }
    self.smallest = smallest
    self.largest = largest
  }

  /// What to divide by: 1 where a channel is constant, as scikit-learn has it. Rounding makes a constant's deviation tiny, not zero.
  static func divisors(_ spread: [Double], magnitude: [Double]) -> [Double] {
    zip(spread, magnitude).map { spread, magnitude in spread > 1e-12 * abs(magnitude) ? spread : 1 }
  }

  private static func visit(
    _ data: DataTensor, rows: [Int32], channels: Int, _ body: (_ channel: Int, _ value: Double) -> Void
  ) {
    let size = data.exampleSize
    guard size > 0 else { return }
    var example = [Float](repeating: 0, count: size)
    let channelSize = size / channels
    for row in rows {
      example.withUnsafeMutableBufferPointer { data.fill($0, examples: [row]) }
      var index = 0
      for channel in 0..<channels {
        for _ in 0..<channelSize {
          body(channel, Double(example[index]))
          index += 1
        }
      }
    }
  }
}
