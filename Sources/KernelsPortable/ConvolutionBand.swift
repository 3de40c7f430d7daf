import KernelContract

/// Some rows and columns of an image, copied with their padding; pixels lie `pixel` floats apart, rows without gaps.
struct ConvolutionBand {
  let rows: Range<Int>
  let columns: Range<Int>
  let pixel: Int
  let padding: Conv2DShape.Padding

  var rowStride: Int { columns.count * pixel }
  var count: Int { rows.count * rowStride }

  /// Copies from the image of `height` × `width` pixels that starts with pixel `first`.
  @inline(never)
  func copy<Images: PixelCopying>(
    _ images: Images, first: Int, height: Int, width: Int, to result: UnsafeMutablePointer<Float>
  ) {
    if columns == 0..<width && rows.lowerBound >= 0 && rows.upperBound <= height {
      // Whole rows without padding are one run of pixels.
      images.copy(first + rows.lowerBound * width, count: rows.count * width, to: result, stride: pixel)
      return
    }
    let firstInside = max(columns.lowerBound, 0)
    let endInside = max(firstInside, min(columns.upperBound, width))
    for row in rows {
      let to = result + (row - rows.lowerBound) * rowStride
      guard let sourceRow = padding.pixel(at: row, extent: height) else {
        fill(to, pixels: columns.count)
        continue
      }
      let from = first + sourceRow * width
      images.copy(
        from + firstInside, count: endInside - firstInside, to: to + (firstInside - columns.lowerBound) * pixel,
        stride: pixel)
      for column in columns where column < firstInside || column >= endInside {
        let toPixel = to + (column - columns.lowerBound) * pixel
        if let sourceColumn = padding.pixel(at: column, extent: width) {
          images.copy(from + sourceColumn, count: 1, to: toPixel, stride: pixel)
        } else {
          fill(toPixel, pixels: 1)
        }
      }
    }
  }

  @inline(__always)
  private func fill(_ to: UnsafeMutablePointer<Float>, pixels: Int) {
    let count = pixels * pixel
    var i = 0
    while i + lanes <= count {
      to.store(.zero, at: i)
      i += lanes
    }
    while i < count {
      to[i] = 0
      i += 1
    }
  }
}

extension Conv2DShape.Padding {
  /// The pixel of an axis that stands at `position`, or nil where there are zeros. Padding is less than the extent.
  @inline(__always) func pixel(at position: Int, extent: Int) -> Int? {
    if position >= 0 && position < extent { return position }
    switch self {
    case .zeros: return nil
    case .replicate: return position < 0 ? 0 : extent - 1
    case .reflect: return position < 0 ? -position : 2 * (extent - 1) - position
    }
  }
}
