extension Picture {
  /// Every value times `factor`, as Pillow's `ImageEnhance.Brightness`.
  func brightened(_ factor: Float) -> Picture { blended(factor) { _ in 0 } }

  /// Every distance from the mean brightness times `factor`, as Pillow's `ImageEnhance.Contrast`.
  func contrasted(_ factor: Float) -> Picture {
    let luma = luma
    let sum = luma.reduce(0) { $0 + Int($1) }
    let mean = UInt8(clamping: Int(Double(sum) / Double(max(1, luma.count)) + 0.5))
    return blended(factor) { _ in mean }
  }

  /// Every distance from the pixel's own grey times `factor`, as Pillow's `ImageEnhance.Color`.
  func saturated(_ factor: Float) -> Picture {
    guard channels == 3 else { return self }
    let luma = luma
    return blended(factor) { luma[$0] }
  }

  /// `base + factor * (value - base)`, cut off to a whole number in 0 ... 255; `base` gives a number for each pixel.
  private func blended(_ factor: Float, _ base: (Int) -> UInt8) -> Picture {
    var result = self
    for pixel in 0..<(width * height) {
      let start = Float(base(pixel))
      for index in (pixel * channels)..<((pixel + 1) * channels) {
        let value = start + factor * (Float(bytes[index]) - start)
        result.bytes[index] = UInt8(max(0, min(255, value)))
      }
    }
    return result
  }
}
