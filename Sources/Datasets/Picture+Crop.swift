extension Picture {
  /// The part of this size whose left upper corner is at (`left`, `top`); what lies outside the picture is black.
  func cropped(left: Int, top: Int, width newWidth: Int, height newHeight: Int) -> Picture {
    if left == 0, top == 0, newWidth == width, newHeight == height { return self }
    var result = Picture(width: newWidth, height: newHeight, channels: channels)
    let columns = max(0, -left)..<max(max(0, -left), min(newWidth, width - left))
    for y in max(0, -top)..<max(max(0, -top), min(newHeight, height - top)) {
      let from = ((top + y) * width + left + columns.lowerBound) * channels
      let to = (y * newWidth + columns.lowerBound) * channels
      let count = columns.count * channels
      result.bytes.replaceSubrange(to..<(to + count), with: bytes[from..<(from + count)])
    }
    return result
  }

  /// The middle, with the rounding of torchvision: half a pixel goes to the even side, and a border that the picture lacks is black.
  func centerCropped(width newWidth: Int, height newHeight: Int) -> Picture {
    cropped(
      left: Self.centered(newWidth, in: width), top: Self.centered(newHeight, in: height), width: newWidth,
      height: newHeight)
  }

  private static func centered(_ part: Int, in whole: Int) -> Int {
    guard part <= whole else { return -((part - whole) / 2) }
    return Int((Double(whole - part) / 2).rounded(.toNearestOrEven))
  }

  /// Left and right exchanged.
  var flipped: Picture {
    var result = self
    let (width, channels) = (width, channels)
    result.bytes.withUnsafeMutableBufferPointer { target in
      bytes.withUnsafeBufferPointer { source in
        for start in stride(from: 0, to: source.count, by: width * channels) {
          for x in 0..<width {
            let (from, to) = (start + x * channels, start + (width - 1 - x) * channels)
            for channel in 0..<channels { target[to + channel] = source[from + channel] }
          }
        }
      }
    }
    return result
  }

  /// The picture as it should be seen, by the value of EXIF's tag 0x0112 (1 ... 8).
  func oriented(_ orientation: Int) -> Picture {
    let (right, bottom) = (width - 1, height - 1)
    return switch orientation {
    case 2: flipped
    case 3: rearranged(width: width, height: height) { (right - $0, bottom - $1) }
    case 4: rearranged(width: width, height: height) { ($0, bottom - $1) }
    case 5: rearranged(width: height, height: width) { ($1, $0) }
    case 6: rearranged(width: height, height: width) { ($1, bottom - $0) }
    case 7: rearranged(width: height, height: width) { (right - $1, bottom - $0) }
    case 8: rearranged(width: height, height: width) { (right - $1, $0) }
    default: self
    }
  }
}
