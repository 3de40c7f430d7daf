/// A decoded picture: `height` rows of `width` pixels of `channels` bytes, 1 (grey) or 3 (red, green, blue).
struct Picture: Sendable, Equatable {
  var width: Int
  var height: Int
  var channels: Int
  var bytes: [UInt8]

  /// No picture has more pixels than this; see `PictureLimits` for files.
  static let mostPixels = 1 << 26

  /// The bytes of a picture of this size; nil when it has too many pixels or none.
  static func byteCount(width: Int, height: Int, channels: Int) -> Int? {
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow, pixels <= mostPixels else { return nil }
    return pixels * channels
  }

  /// A black picture.
  init(width: Int, height: Int, channels: Int) {
    self.init(
      width: width, height: height, channels: channels, bytes: .init(repeating: 0, count: width * height * channels))
  }

  init(width: Int, height: Int, channels: Int, bytes: [UInt8]) {
    self.width = width
    self.height = height
    self.channels = channels
    self.bytes = bytes
  }

  /// The size as people write it.
  var size: String { "\(width) x \(height)" }
}

extension Picture {
  /// The picture of `wanted` channels. Grey is ITU-R 601-2 luma in 16 bits of fixed point, as Pillow rounds it.
  func converted(channels wanted: Int) -> Picture {
    guard wanted != channels else { return self }
    if wanted == 1 {
      return Picture(width: width, height: height, channels: 1, bytes: luma)
    }
    var result = Picture(width: width, height: height, channels: 3)
    for (pixel, value) in bytes.enumerated() {
      for channel in 0..<3 { result.bytes[3 * pixel + channel] = value }
    }
    return result
  }

  /// The brightness of each pixel.
  var luma: [UInt8] {
    guard channels == 3 else { return bytes }
    return (0..<(width * height)).map { pixel in
      let red = 19_595 * Int(bytes[3 * pixel])
      let green = 38_470 * Int(bytes[3 * pixel + 1])
      return UInt8((red + green + 7_471 * Int(bytes[3 * pixel + 2]) + 0x8000) >> 16)
    }
  }

  /// The bytes with one channel after the other, as nets want them.
  func appendPlanes(to output: inout [UInt8]) {
    guard channels > 1 else { return output.append(contentsOf: bytes) }
    let pixels = width * height
    let planes = [UInt8](unsafeUninitializedCapacity: channels * pixels) { buffer, initialized in
      bytes.withUnsafeBufferPointer { bytes in
        for channel in 0..<channels {
          for pixel in 0..<pixels { buffer[channel * pixels + pixel] = bytes[channels * pixel + channel] }
        }
      }
      initialized = channels * pixels
    }
    output += planes
  }

  /// A picture of this size whose pixel (x, y) is the one of this picture that `place` says.
  func rearranged(width newWidth: Int, height newHeight: Int, _ place: (_ x: Int, _ y: Int) -> (x: Int, y: Int))
    -> Picture
  {
    var result = Picture(width: newWidth, height: newHeight, channels: channels)
    var next = 0
    for y in 0..<newHeight {
      for x in 0..<newWidth {
        let from = place(x, y)
        let start = (from.y * width + from.x) * channels
        for channel in 0..<channels { result.bytes[next + channel] = bytes[start + channel] }
        next += channels
      }
    }
    return result
  }
}
