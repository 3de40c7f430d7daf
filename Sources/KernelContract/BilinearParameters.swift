/// Images enlarged by whole factors with bilinear interpolation, or the gradient of that, over channels-last images whose
/// pixels are whole vectors.
///
/// Operands: the small images and the large ones to `enlarge`; the gradients of the large ones and of the small ones to
/// `gather`. An item is one row of pixels of the result.
package struct BilinearParameters: KernelParameters {
  package static let name = "bilinear"

  package enum Direction: UInt8, Sendable, Hashable {
    case enlarge, gather
  }

  /// One axis of the image: `factor * small` positions become of `small`.
  package struct Axis: Sendable, Hashable, BitwiseCopyable {
    package let small: Int
    package let factor: Int
    package let large: Int

    package init(small: Int, factor: Int) {
      self.small = small
      self.factor = factor
      large = small * factor
    }
  }

  package let direction: Direction
  package let images: Int
  package let channels: Int
  package let rows: Axis
  package let columns: Axis
  /// Floats from pixel to pixel.
  package let smallPixel: Int
  package let largePixel: Int

  /// - Parameter small: the shape [N, C, H, W] of the small images.
  package init(_ direction: Direction, small: [Int], factor: [Int], smallPixel: Int, largePixel: Int) {
    self.direction = direction
    images = small[0]
    channels = small[1]
    rows = Axis(small: small[2], factor: factor[0])
    columns = Axis(small: small[3], factor: factor[1])
    self.smallPixel = smallPixel
    self.largePixel = largePixel
  }

  package func kernel(in table: KernelTable) -> Kernel { table.bilinear }
  package var items: Int { images * (direction == .enlarge ? rows.large : rows.small) }
  package var scratchBytes: Int { 0 }
  package var flops: Double { 8 * Double(images * channels) * Double(rows.large * columns.large) }
}
