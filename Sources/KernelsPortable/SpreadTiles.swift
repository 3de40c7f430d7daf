import CPUDetection
import KernelContract

/// Tiles of an image that exists only as the gradient of the maxima of its 2x2 windows: each belongs to one place of its window, and the
/// other pixels are zero. See `ConvolutionPooling`.
struct SpreadTiles {
  /// The tiles of the image; its base is the gradient.
  let tiles: WinogradTiles
  let places: UnsafePointer<UInt8>

  /// As `WinogradTiles.transform`.
  @inline(__always)
  func transform<T: RowTransform, let k: Int, let n: Int>(
    _ transform: T.Type, _ pixels: Row<k>.Type, _ points: Row<n>.Type, first: Int, count: Int, firstChannel: Int,
    channels: Int,
    to result: UnsafeMutablePointer<Float>, rowStride: Int, matrixStride: Int, temporary: UnsafeMutablePointer<Float>
  ) {
    let height = tiles.extents.height / 2
    let width = tiles.extents.width / 2
    let pixel = tiles.extents.stride
    // Tiles start an even number of pixels apart: all of them in the same place of a window.
    let (rowParity, columnParity) = (tiles.top & 1, tiles.left & 1)
    let windows = k / 2 + 1
    let gradients = tiles.addresses
    let bytes = UnsafeMutableRawPointer(gradients + windows * windows).assumingMemoryBound(
      to: UnsafePointer<UInt8>.self)
    let noPlaces = UnsafeRawPointer(tiles.zeros).assumingMemoryBound(to: UInt8.self)
    let corners = (
      place(rowParity, columnParity), place(rowParity, 1 - columnParity), place(1 - rowParity, columnParity),
      place(1 - rowParity, 1 - columnParity)
    )
    for t in 0..<count {
      let (image, row, column) = tiles.place(first + t)
      let (firstRow, firstColumn) = (row >> 1, column >> 1)
      for r in 0..<windows {
        let isRow = firstRow + r >= 0 && firstRow + r < height
        let line = ((image * height + firstRow + r) * width + firstColumn) * pixel + firstChannel
        for c in 0..<windows {
          let isWindow = isRow && firstColumn + c >= 0 && firstColumn + c < width
          gradients[r * windows + c] = isWindow ? tiles.base + (line + c * pixel) : tiles.zeros
          bytes[r * windows + c] = isWindow ? places + (line + c * pixel) : noPlaces
        }
      }
      let out = result + t * rowStride
      var channel = 0
      while channel < channels {
        transformSquare(transform, pixels, points, temporary: temporary) { r, c in
          let window = (r + rowParity) / 2 * windows + (c + columnParity) / 2
          let place = netc_load_bytes(bytes[window] + channel)
          let corner = r & 1 == 0 ? (c & 1 == 0 ? corners.0 : corners.1) : c & 1 == 0 ? corners.2 : corners.3
          return Vector.zero.replacing(with: gradients[window].vector(at: channel), where: place .== corner)
        } to: { r, c, value in
          out.store(value, at: (r * n + c) * matrixStride + channel)
        }
        channel += lanes
      }
    }
  }

  @inline(__always)
  private func place(_ row: Int, _ column: Int) -> SIMD16<Int32> {
    SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: 2 * row + column))
  }
}
