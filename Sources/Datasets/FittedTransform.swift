/// A transform with its statistics: `(x - center) / divisor * factor` on one tensor, in double precision, rounded once. `center` and
/// `divisor` have one number for all, or one for each index of the tensor's first axis.
package struct FittedTransform: Hashable, Sendable {
  package var tensor: String
  package var center: [Double]
  package var divisor: [Double]
  package var factor: Double
  /// The word of a transform whose numbers were found in the training part; nil when the `.net` text has them.
  package var measure: String?

  package init(
    tensor: String, center: [Double] = [0], divisor: [Double] = [1], factor: Double = 1, measure: String? = nil
  ) {
    self.tensor = tensor
    self.center = center
    self.divisor = divisor
    self.factor = factor
    self.measure = measure
  }

  func apply(_ x: Float, channel: Int) -> Float {
    let center = center.count == 1 ? center[0] : center[channel]
    let divisor = divisor.count == 1 ? divisor[0] : divisor[channel]
    return Float((Double(x) - center) / divisor * factor)
  }

  private var isUniform: Bool { center.count == 1 && divisor.count == 1 }
}

extension FittedTransform {
  /// More tables than this, one for each channel, would cost the cache more than numbers cost memory: bytes become floats then.
  static let mostTables = 16

  /// Changes all examples of `data`, a tensor of `f32`.
  func apply(to data: inout DataTensor) {
    let channels = isUniform ? 1 : (data.declaration.shape.first ?? 1)
    switch data.storage {
    case .bytes(let bytes, let values):
      let tables = max(channels, values.count / 256)
      guard tables <= Self.mostTables else {
        data.storage = .floats(data.expanded(bytes, values))
        return apply(to: &data)
      }
      data.storage = .bytes(bytes, values: changed(values, tables: tables, channels: channels))
    case .pictures(let set, let values):
      let tables = max(channels, values.count / 256)
      data.storage = .pictures(set, values: changed(values, tables: tables, channels: channels))
    case .floats(var numbers):
      // Held once, the numbers change in place.
      data.storage = .floats([])
      change(&numbers, channels: channels, exampleSize: data.exampleSize)
      data.storage = .floats(numbers)
    case .indices, .texts: break
    }
  }

  /// The tables of values after this transform.
  private func changed(_ values: [Float], tables: Int, channels: Int) -> [Float] {
    let old = values.count / 256
    return (0..<(256 * tables)).map { entry in
      apply(values[old == 1 ? entry % 256 : entry], channel: channels == 1 ? 0 : entry / 256)
    }
  }

  private func change(_ numbers: inout [Float], channels: Int, exampleSize: Int) {
    let channelSize = max(1, exampleSize / channels)
    numbers.withUnsafeMutableBufferPointer { numbers in
      var channel = 0
      for start in stride(from: 0, to: numbers.count, by: channelSize) {
        for index in start..<(start + channelSize) { numbers[index] = apply(numbers[index], channel: channel) }
        channel = channel + 1 == channels ? 0 : channel + 1
      }
    }
  }
}

extension FittedTransform {
  /// A transform for pictures whose black is 0 and white 1, for those where they are other numbers: one pair for all, or one for each
  /// channel.
  func between(_ extremes: [(black: Double, white: Double)]) -> FittedTransform {
    let channels = max(center.count, divisor.count, extremes.count)
    func each<Element>(_ values: [Element]) -> [Element] {
      values.count == channels ? values : Array(repeating: values[0], count: channels)
    }
    let extremes = each(extremes)
    var result = self
    result.center = zip(each(center), extremes).map { $1.black + $0 * ($1.white - $1.black) }
    result.divisor = zip(each(divisor), extremes).map { $0 * ($1.white - $1.black) }
    return result
  }
}

extension DataTensor {
  /// The numbers that black and white of a picture have become, one pair for all channels or one for each; 0 and 1 where the numbers were
  /// never bytes.
  var extremes: [(black: Double, white: Double)] {
    switch storage {
    case .bytes(_, let values), .pictures(_, let values):
      stride(from: 0, to: values.count, by: 256).map { (Double(values[$0]), Double(values[$0 + 255])) }
    case .floats, .indices, .texts: [(0, 1)]
    }
  }

  /// The values that bytes stand for.
  func expanded(_ bytes: [UInt8], _ values: [Float]) -> [Float] {
    let channels = values.count / 256
    let channelSize = max(1, exampleSize / channels)
    return bytes.indices.map { values[256 * (channels == 1 ? 0 : $0 / channelSize % channels) + Int(bytes[$0])] }
  }
}
