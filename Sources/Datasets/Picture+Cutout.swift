extension Picture {
  /// The picture with a black square whose sides are `size`, the left upper corner at (`left`, `top`); what of it lies outside is lost.
  func cutOut(left: Int, top: Int, size: Int) -> Picture {
    var result = self
    let columns = max(0, left)..<max(max(0, left), min(width, left + size))
    for y in max(0, top)..<max(max(0, top), min(height, top + size)) {
      let start = (y * width + columns.lowerBound) * channels
      for index in start..<(start + columns.count * channels) { result.bytes[index] = 0 }
    }
    return result
  }
}
