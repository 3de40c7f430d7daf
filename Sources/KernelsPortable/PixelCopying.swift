import CPUDetection
import KernelContract

/// Images whose pixels a `ConvolutionBand` copies to scratch, in one way or another.
protocol PixelCopying {
  /// Copies the channels of `count` pixels from number `first` on; copies lie `stride` floats apart.
  func copy(_ first: Int, count: Int, to result: UnsafeMutablePointer<Float>, stride: Int)
}

/// Some channels of pixels of floats.
struct FloatPixels: PixelCopying {
  /// The first channel of the image's first pixel, and the floats from it to that of the next one.
  let source: UnsafePointer<Float>
  let pixel: Int
  let channels: Int
  /// What becomes of the numbers on the way; its first channel is the first that is copied.
  let normalization: NormalizedPixels?

  @inline(never)
  func copy(_ first: Int, count: Int, to result: UnsafeMutablePointer<Float>, stride: Int) {
    let from = source + first * pixel
    let ahead = ceilingQuotient(copyPrefetchDistance, channels) * pixel
    if let normalization {
      for i in 0..<count {
        normalization.copy(from + i * pixel, result + i * stride, channels: channels, ahead: ahead)
      }
    } else if pixel == channels && stride == channels {
      copyFloats(from, result, count: count * channels)
    } else {
      for i in 0..<count { copyFloats(from + i * pixel, result + i * stride, count: channels, ahead: ahead) }
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

/// Pixels of bytes, without gaps; see `ByteScaling`.
struct BytePixels: PixelCopying {
  /// The image's first pixel.
  private let source: UnsafePointer<UInt8>
  private let channels: Int
  private let values: ByteScaling
  /// The pairs of the channels, again and again.
  private let scale: (Vector, Vector, Vector)
  private let shift: (Vector, Vector, Vector)

  /// Nil where an image is no bytes.
  init?(_ values: ByteScaling?, _ source: UnsafeMutableRawPointer, channels: Int) {
    guard let values else { return nil }
    self.source = UnsafePointer(source.assumingMemoryBound(to: UInt8.self))
    self.channels = channels
    self.values = values
    func repeated(_ values: SIMD4<Float>, from first: Int) -> Vector {
      var result = Vector.zero
      for lane in 0..<lanes { result[lane] = values[(first + lane) % channels] }
      return result
    }
    scale = (
      repeated(values.scale, from: 0), repeated(values.scale, from: lanes), repeated(values.scale, from: 2 * lanes)
    )
    shift = (
      repeated(values.shift, from: 0), repeated(values.shift, from: lanes), repeated(values.shift, from: 2 * lanes)
    )
  }

  @inline(never)
  func copy(_ first: Int, count: Int, to result: UnsafeMutablePointer<Float>, stride: Int) {
    let from = source + first * channels
    let numbers = count * channels
    let block = channels == 3 ? 3 * lanes : lanes
    // Few pixels beside an edge, those of a tiny image, or copies with gaps, which such narrow pixels hardly ever need.
    guard stride == channels && numbers >= block else {
      for i in 0..<count {
        for channel in 0..<channels {
          result[i * stride + channel] = values.shift[channel].addingProduct(
            Float(from[i * channels + channel]), values.scale[channel])
        }
      }
      return
    }
    // The last block overlaps the one before it: both start with a pixel's first channel.
    var i = 0
    if channels == 3 {
      while i + block <= numbers {
        copyThree(from, result, i)
        i += block
      }
      if i < numbers { copyThree(from, result, numbers - block) }
    } else {
      while i + block <= numbers {
        copyVector(from, result, i, scale.0, shift.0)
        i += block
      }
      if i < numbers { copyVector(from, result, numbers - block, scale.0, shift.0) }
    }
  }

  @inline(__always)
  private func copyThree(_ from: UnsafePointer<UInt8>, _ to: UnsafeMutablePointer<Float>, _ i: Int) {
    copyVector(from, to, i, scale.0, shift.0)
    copyVector(from, to, i + lanes, scale.1, shift.1)
    copyVector(from, to, i + 2 * lanes, scale.2, shift.2)
  }

  @inline(__always)
  private func copyVector(
    _ from: UnsafePointer<UInt8>, _ to: UnsafeMutablePointer<Float>, _ i: Int, _ scale: Vector, _ shift: Vector
  ) {
    to.store(fma(netc_load_bytes_as_floats(from + i), scale, shift), at: i)
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
