import CPUDetection
import KernelContract

/// The tiles of a batch of channels-last images, numbered image by image and row by row, and what reading one takes.
struct WinogradTiles {
  /// The image that is read, and where its first tile starts.
  let base: UnsafePointer<Float>
  let extents: ImageExtents
  let top: Int
  let left: Int
  /// The distance from tile to tile, and the tiles of an image.
  let step: Int
  let rows: Int
  let columns: Int
  /// For each pixel of a tile at a border its address, or that of `zeros`, which are as many as channels are read.
  let addresses: UnsafeMutablePointer<UnsafePointer<Float>>
  let zeros: UnsafePointer<Float>

  /// The image, and the row and the column of the first pixel, of a tile.
  @inline(__always)
  func place(_ tile: Int) -> (image: Int, row: Int, column: Int) {
    let row = tile / columns
    let image = row / rows
    return (image, (row - image * rows) * step + top, (tile - row * columns) * step + left)
  }

  /// Transforms `count` tiles of `k * k` pixels from number `first` on, `channels` from number `firstChannel` on: each
  /// matrix of the result, `matrixStride` floats after the one before, has a row per tile.
  /// - Parameter loading: what becomes of the pixels first; its channel 0 is the image's.
  @inline(__always)
  func transform<T: RowTransform, let k: Int, let n: Int>(
    _ transform: T.Type, _ pixels: Row<k>.Type, _ points: Row<n>.Type, _ loading: some PixelLoading, first: Int,
    count: Int, firstChannel: Int, channels: Int,
    to result: UnsafeMutablePointer<Float>, rowStride: Int, matrixStride: Int, temporary: UnsafeMutablePointer<Float>
  ) {
    let pixel = extents.stride
    let line = extents.width * pixel
    for t in 0..<count {
      let (image, row, column) = place(first + t)
      let out = result + t * rowStride
      let from = base + image * extents.height * line + row * line + column * pixel + firstChannel
      var channel = 0
      if row >= 0 && column >= 0 && row + k <= extents.height && column + k <= extents.width {
        while channel < channels {
          if channels == pixel {
            // The pixels that the next tile has besides lie one after another: as many lines of each row as are read now.
            let next = from + (k * pixel + channel * step)
            for r in 0..<k {
              for i in 0..<step { netc_prefetch(next + (r * line + i * lanes)) }
            }
          }
          transformSquare(transform, pixels, points, temporary: temporary) { r, c in
            loading.value(from.vector(at: r * line + c * pixel + channel), channel: firstChannel + channel)
          } to: { r, c, value in
            out.store(value, at: (r * n + c) * matrixStride + channel)
          }
          channel += lanes
        }
      } else {
        for r in 0..<k {
          let isRow = row + r >= 0 && row + r < extents.height
          for c in 0..<k {
            let isPixel = isRow && column + c >= 0 && column + c < extents.width
            addresses[r * k + c] = isPixel ? from + (r * line + c * pixel) : zeros
          }
        }
        while channel < channels {
          transformSquare(transform, pixels, points, temporary: temporary) { r, c in
            load(addresses[r * k + c], channel, loading, channel: firstChannel + channel)
          } to: { r, c, value in
            out.store(value, at: (r * n + c) * matrixStride + channel)
          }
          channel += lanes
        }
      }
    }
  }

  /// A vector of a pixel that may stand outside of the image.
  @inline(__always)
  private func load(_ pixel: UnsafePointer<Float>, _ offset: Int, _ loading: some PixelLoading, channel: Int) -> Vector
  {
    loading.keepsZeros || pixel != zeros ? loading.value(pixel.vector(at: offset), channel: channel) : .zero
  }
}
