/// `y = kept ? x / (1 - p) : 0`, where what is kept depends on the seed, the step, the op and the logical position of an
/// element alone: the gradient calls it again with the same key instead of reading a mask, and neither the layout nor the
/// number of workers changes anything.
///
/// Operands: `x`, `step` (one Int32), `result`, laid out alike as `[image][pixel][stride]` of which `channels` are used.
/// `result` may be `x`.
package struct DropoutParameters: KernelParameters {
  package static let name = "dropout"

  package let images: Int
  package let pixels: Int
  package let channels: Int
  package let stride: Int
  package let key: DropoutKey
  /// Rows (image, pixel) of one item.
  package let rowBlock: Int

  package init(images: Int, pixels: Int, channels: Int, stride: Int, key: DropoutKey) {
    self.images = images
    self.pixels = pixels
    self.channels = channels
    self.stride = stride
    self.key = key
    rowBlock = max(1, 8192 / max(1, stride))
  }

  package func kernel(in table: KernelTable) -> Kernel { table.dropout }
  package var items: Int { ceilingQuotient(images * pixels, rowBlock) }
  package var scratchBytes: Int { 0 }
  package var flops: Double { Double(images * pixels * channels) }
}

/// What decides which elements a dropout keeps.
package struct DropoutKey: Sendable, Hashable, BitwiseCopyable {
  /// The share of elements that are dropped, 0 ..< 1.
  package let probability: Double
  package let seed: UInt64
  /// Tells the dropouts of one net apart.
  package let identifier: Int

  package init(probability: Double, seed: UInt64, identifier: Int) {
    self.probability = probability
    self.seed = seed
    self.identifier = identifier
  }

  /// What kept elements are multiplied by.
  package var scale: Float { Float(1 / (1 - probability)) }

  /// An element is kept if the upper 24 bits of its hash are at least this.
  package var threshold: UInt32 { UInt32((probability * Double(1 << 24)).rounded()) }

  /// The two words that the hash mixes in at a step, for positions with the same upper 32 bits.
  package func words(step: Int32, upper: UInt32) -> (UInt32, UInt32) {
    var z = seed &+ UInt64(bitPattern: Int64(identifier)) &* 0x9E37_79B9_7F4A_7C15
    z = DropoutKey.mixed(z ^ UInt64(UInt32(bitPattern: step)) << 32 ^ UInt64(upper))
    return (UInt32(truncatingIfNeeded: z), UInt32(truncatingIfNeeded: z >> 32))
  }

  /// Whether the element at a logical row-major position is kept at a step.
  package func keeps(position: Int, step: Int32) -> Bool {
    let words = words(step: step, upper: UInt32(truncatingIfNeeded: position >> 32))
    return DropoutKey.hash(UInt32(truncatingIfNeeded: position), words) >> 8 >= threshold
  }

  /// Two rounds of the 32-bit mixer `lowbias32` (C. Wellons, "Prospecting for hash functions"), a word of key before each.
  package static func hash(_ position: UInt32, _ words: (UInt32, UInt32)) -> UInt32 {
    var x = position ^ words.0
    x = (x ^ x >> 16) &* 0x7FEB_352D
    x = (x ^ x >> 15) &* 0x846C_A68B
    x = (x ^ x >> 16) &+ words.1
    x = (x ^ x >> 16) &* 0x7FEB_352D
    x = (x ^ x >> 15) &* 0x846C_A68B
    return x ^ x >> 16
  }

  /// The finalizer of SplitMix64.
  private static func mixed(_ state: UInt64) -> UInt64 {
    var z = state &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
