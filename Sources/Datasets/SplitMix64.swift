/// The generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014), in the form of Vigna's
/// `splitmix64.c`: a counter and a hash, so its n-th number depends on the seed and n alone.
package struct SplitMix64: Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  /// A generator of its own for each purpose and each number (an epoch, a tensor), from one seed.
  package init(seed: UInt64, purpose: Purpose, number: Int = 0) {
    var mixed = SplitMix64(seed: seed)
    mixed = SplitMix64(seed: mixed.next() ^ purpose.rawValue)
    mixed = SplitMix64(seed: mixed.next() ^ UInt64(truncatingIfNeeded: number))
    state = mixed.next()
  }

  /// What random numbers are drawn for here, so that no two uses share a sequence.
  package enum Purpose: UInt64, Sendable {
    case order = 1
    case split = 2
    case examples = 3
    case pictures = 4
    case mixing = 5
  }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in `0 ..< bound`, each as likely as the others (Lemire 2019: multiply, reject the overhang); `bound` > 0.
  package mutating func next(below bound: UInt64) -> UInt64 {
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let overhang = (0 &- bound) % bound
      while product.low < overhang { product = next().multipliedFullWidth(by: bound) }
    }
    return product.high
  }

  /// A number in 0 ..< 1 with 53 bits.
  package mutating func nextUniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Puts `elements` into a random order (Fisher and Yates, from the last down).
  package mutating func shuffle(_ elements: inout [Int32]) {
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, Int(next(below: UInt64(last + 1))))
    }
  }
}
