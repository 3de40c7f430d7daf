/// How the numbers of a tensor are shown as pictures.
package struct PictureView: Sendable {
  private let channels: Int
  private let height: Int
  private let width: Int
  /// The numbers that are shown black and white, of each channel.
  private let black: [Float]
  private let white: [Float]

  /// Larger pictures than this are shown smaller.
  private static let longestSide = 256

  /// Nil for a tensor that holds no pictures: they are `f32` of [1 or 3, h, w] or [h, w].
  package init?(_ tensor: DataTensor) {
    let shape = tensor.declaration.shape
    guard tensor.declaration.element == .float32, shape.count == 2 || shape.count == 3 && [1, 3].contains(shape[0]),
      let width = shape.last, width > 1, shape[shape.count - 2] > 1
    else { return nil }
    let channels = shape.count == 3 ? shape[0] : 1
    self.channels = channels
    height = shape[shape.count - 2]
    self.width = width
    switch tensor.storage {
    case .pictures(_, let values):
      (black, white) = Self.ends(values, channels: channels, brightest: 255)
    case .bytes(let bytes, let values):
      // Digits of 16 greys would be black on black.
      let brightest = bytes.max() ?? 255
      (black, white) = Self.ends(values, channels: channels, brightest: brightest > 128 ? 255 : max(1, Int(brightest)))
    case .floats(let numbers):
      let sample = numbers.prefix(100 * max(1, tensor.exampleSize))
      black = .init(repeating: sample.min() ?? 0, count: channels)
      white = .init(repeating: sample.max() ?? 1, count: channels)
    case .indices, .texts: return nil
    }
  }

  /// What a table of values, or one for each channel, has for the byte 0 and for the brightest.
  private static func ends(_ values: [Float], channels: Int, brightest: Int) -> (black: [Float], white: [Float]) {
    let starts = (0..<channels).map { values.count > 256 ? 256 * $0 : 0 }
    return (starts.map { values[$0] }, starts.map { values[$0 + brightest] })
  }

  /// A PNG file of one example; `numbers` has all of its numbers, row-major.
  package func png(_ numbers: ArraySlice<Float>) -> [UInt8] {
    var picture = Picture(width: width, height: height, channels: channels)
    let pixels = width * height
    for channel in 0..<channels {
      let (darkest, range) = (black[channel], white[channel] - black[channel])
      for (pixel, number) in numbers.dropFirst(channel * pixels).prefix(pixels).enumerated() {
        let share = (number - darkest) / range
        let brightness = share.isFinite ? min(max(share, 0), 1) * 255 : 0
        picture.bytes[pixel * channels + channel] = UInt8(brightness.rounded())
      }
    }
    let longest = max(width, height)
    if longest > Self.longestSide {
      picture = picture.resized(
        width: max(1, width * Self.longestSide / longest), height: max(1, height * Self.longestSide / longest))
    }
    return PNGWriter.file(
      width: picture.width, height: picture.height, channels: channels, bytes: picture.bytes)
  }
}
