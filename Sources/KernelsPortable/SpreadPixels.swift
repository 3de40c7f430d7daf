import CPUDetection
import KernelContract

/// Pixels of images that exist only as the gradient of the maxima of their 2x2 windows: each belongs to one place of its window, and the
/// other pixels are zero. See `ConvolutionPooling`.
struct SpreadPixels {
  let gradient: UnsafePointer<Float>
  let places: UnsafePointer<UInt8>
  /// The extents of an image in pixels, and the floats from one number of a channel to the next.
  let height: Int
  let width: Int
  let pixel: Int

  init(_ gradient: UnsafePointer<Float>, places: UnsafeMutableRawPointer, height: Int, width: Int, pixel: Int) {
    self.gradient = gradient
    self.places = UnsafePointer(places.assumingMemoryBound(to: UInt8.self))
    self.height = height
    self.width = width
    self.pixel = pixel
  }

  /// Stores some columns of a row, zeros outside of the image: vector `v` of a pixel's `channels` from `firstChannel` on goes to
  /// `v * vectorStride`, the next pixel follows `pixelStride` floats behind, and lanes beyond the last channel are zero.
  @inline(never)
  func storeRow(
    _ row: Int, of image: Int, columns: Range<Int>, firstChannel: Int, channels: Int,
    to result: UnsafeMutablePointer<Float>, pixelStride: Int, vectorStride: Int
  ) {
    let (rows, windows) = (height / 2, width / 2)
    let isRow = row >= 0 && row < 2 * rows
    let first = isRow ? min(max(columns.lowerBound, 0), columns.upperBound) : columns.upperBound
    let end = max(first, min(columns.upperBound, 2 * windows))
    let vectors = ceilingQuotient(channels, lanes)
    let rest = channels % lanes
    let ahead = ceilingQuotient(copyPrefetchDistance, channels) * pixel
    // From left to right: a pixel's last vector may reach into the next one's lanes.
    clear(result, pixels: first - columns.lowerBound, vectors: vectors, pixelStride, vectorStride)
    let left = SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: 2 * (row & 1)))
    let right = SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: 2 * (row & 1) + 1))
    var column = first
    while column < end {
      let from = ((image * rows + row >> 1) * windows + column >> 1) * pixel + firstChannel
      let to = result + (column - columns.lowerBound) * pixelStride
      // Both pixels of a window at once where none reaches into the other one's lanes.
      if rest == 0 && column & 1 == 0 && column + 1 < end {
        for v in 0..<vectors {
          let at = from + v * lanes
          netc_prefetch(gradient + (at + ahead))
          let value = gradient.vector(at: at)
          let place = netc_load_bytes(places + at)
          to.store(Vector.zero.replacing(with: value, where: place .== left), at: v * vectorStride)
          to.store(Vector.zero.replacing(with: value, where: place .== right), at: v * vectorStride + pixelStride)
        }
        column += 2
        continue
      }
      let wanted = column & 1 == 0 ? left : right
      for v in 0..<vectors {
        let at = from + v * lanes
        var value = Vector.zero.replacing(
          with: gradient.vector(at: at), where: netc_load_bytes(places + at) .== wanted)
        if rest > 0 && v == vectors - 1 { value = value.keeping(first: rest) }
        to.store(value, at: v * vectorStride)
      }
      column += 1
    }
    clear(
      result + (end - columns.lowerBound) * pixelStride, pixels: columns.upperBound - end, vectors: vectors,
      pixelStride, vectorStride)
  }

  @inline(__always)
  private func clear(
    _ result: UnsafeMutablePointer<Float>, pixels: Int, vectors: Int, _ pixelStride: Int, _ vectorStride: Int
  ) {
    for i in 0..<pixels {
      for v in 0..<vectors { result.store(.zero, at: i * pixelStride + v * vectorStride) }
    }
  }
}
