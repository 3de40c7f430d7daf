import CPUDetection
import KernelContract

/// Some rows and columns of an image, copied with their padding; pixels lie `pixel` floats apart, rows without gaps.
struct ConvolutionBand {
  let rows: Range<Int>
  let columns: Range<Int>
  /// Floats that are copied of each pixel, and from one copy to the next.
  let channels: Int
  let pixel: Int
  let padding: Conv2DShape.Padding
  /// What becomes of the numbers on the way; its first channel is the first that is copied.
  let normalization: NormalizedPixels?

  var rowStride: Int { columns.count * pixel }
  var count: Int { rows.count * rowStride }

  /// Copies from an image of `height` × `width` pixels that lie `sourcePixel` floats apart.
  @inline(never)
  func copy(
    _ source: UnsafePointer<Float>, sourcePixel: Int, height: Int, width: Int, to result: UnsafeMutablePointer<Float>
  ) {
    if columns == 0..<width && rows.lowerBound >= 0 && rows.upperBound <= height {
      // Whole rows without padding are one run of pixels.
      copyPixels(
        source + rows.lowerBound * width * sourcePixel, sourcePixel: sourcePixel, count: rows.count * width, to: result)
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
      let from = source + sourceRow * width * sourcePixel
      copyPixels(
        from + firstInside * sourcePixel, sourcePixel: sourcePixel, count: endInside - firstInside,
        to: to + (firstInside - columns.lowerBound) * pixel)
      for column in columns where column < firstInside || column >= endInside {
        let toPixel = to + (column - columns.lowerBound) * pixel
        if let sourceColumn = padding.pixel(at: column, extent: width) {
          copyPixels(from + sourceColumn * sourcePixel, sourcePixel: sourcePixel, count: 1, to: toPixel)
        } else {
          fill(toPixel, pixels: 1)
        }
      }
    }
  }

  @inline(__always)
  private func copyPixels(
    _ from: UnsafePointer<Float>, sourcePixel: Int, count: Int, to: UnsafeMutablePointer<Float>
  ) {
    if let normalization {
      let ahead = ceilingQuotient(copyPrefetchDistance, channels) * sourcePixel
      for i in 0..<count {
        normalization.copy(from + i * sourcePixel, to + i * pixel, channels: channels, ahead: ahead)
      }
    } else if sourcePixel == channels && pixel == channels {
      copyFloats(from, to, count: count * channels)
    } else {
      let ahead = ceilingQuotient(copyPrefetchDistance, channels) * sourcePixel
      for i in 0..<count { copyFloats(from + i * sourcePixel, to + i * pixel, count: channels, ahead: ahead) }
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

extension NormalizedPixels {
  /// Copies a pixel as `copyFloats` does.
  @inline(__always)
  fileprivate func copy(
    _ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>, channels: Int, ahead: Int
  ) {
    if channels >= lanes {
      var i = 0
      while i + lanes <= channels {
        netc_prefetch(from + i + ahead)
        to.store(value(from.vector(at: i), channel: i), at: i)
        i += lanes
      }
      let last = channels - lanes
      if i < channels { to.store(value(from.vector(at: last), channel: last), at: last) }
    } else {
      for i in 0..<channels { to[i] = value(from[i], channel: i) }
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

/// How far ahead of a copy its source is fetched, in floats: copies come first in an item, and wait for memory.
let copyPrefetchDistance = 512

/// Copies floats whose number is often small: whole vectors, the last one overlapping the one before it. Fetches what
/// lies `ahead` of them.
@inline(__always)
func copyFloats(
  _ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>, count: Int, ahead: Int = copyPrefetchDistance
) {
  if count >= lanes {
    var i = 0
    while i + lanes <= count {
      netc_prefetch(from + i + ahead)
      to.store(from.vector(at: i), at: i)
      i += lanes
    }
    if i < count { to.store(from.vector(at: count - lanes), at: count - lanes) }
  } else {
    for i in 0..<count { to[i] = from[i] }
  }
}
