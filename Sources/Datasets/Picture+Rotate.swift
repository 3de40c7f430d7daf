#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Picture {
  /// The picture turned counterclockwise about its middle by `degrees`, nearest pixels, black outside: the inverse affine map of
  /// Pillow's `Image.rotate`, stepped in 16 bits of fixed point as its `Geometry.c` does.
  func rotated(degrees: Double) -> Picture {
    guard degrees.truncatingRemainder(dividingBy: 360) != 0 else { return self }
    let angle = -degrees * .pi / 180
    let (cosine, sine) = (cos(angle), sin(angle))
    let (middleX, middleY) = (Double(width) / 2, Double(height) / 2)
    // x = cosine * x' + sine * y' + c of the new pixel (x', y'), y = -sine * x' + cosine * y' + f; pixels stand at their middles.
    let c = middleX - cosine * middleX - sine * middleY + (cosine + sine) / 2
    let f = middleY + sine * middleX - cosine * middleY + (cosine - sine) / 2
    func fixed(_ value: Double) -> Int { Int((value * 65_536 + 0.5).rounded(.down)) }
    var result = Picture(width: width, height: height, channels: channels)
    var next = 0
    for y in 0..<height {
      var placeX = fixed(c) + y * fixed(sine)
      var placeY = fixed(f) + y * fixed(cosine)
      for _ in 0..<width {
        let (oldX, oldY) = (placeX >> 16, placeY >> 16)
        if oldX >= 0, oldX < width, oldY >= 0, oldY < height {
          let start = (oldY * width + oldX) * channels
          for channel in 0..<channels { result.bytes[next + channel] = bytes[start + channel] }
        }
        next += channels
        placeX += fixed(cosine)
        placeY -= fixed(sine)
      }
    }
    return result
  }
}
