#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `mixup` (Zhang et al. 2018): how the examples of one batch are mixed in pairs.
package struct Mixing: Hashable, Sendable {
  /// How much of an example is left; the rest comes from its partner.
  package let share: Float
  /// For each example of the batch the position of its partner.
  package let partners: [Int32]

  /// Depends on the arguments alone. `alpha` > 0 is the parameter of the symmetric beta distribution that the share is drawn from.
  init(alpha: Double, seed: UInt64, epoch: Int, batch: Int, count: Int) {
    var ofEpoch = SplitMix64(seed: seed, purpose: .mixing, number: epoch)
    var generator = SplitMix64(seed: ofEpoch.next(), purpose: .mixing, number: batch)
    share = Float(generator.nextBeta(alpha))
    var partners = Array(0..<Int32(count))
    generator.shuffle(&partners)
    self.partners = partners
  }
}

extension SplitMix64 {
  /// A number from the beta distribution with both parameters `alpha`, as the share of one of two gamma numbers.
  mutating func nextBeta(_ alpha: Double) -> Double {
    let (first, second) = (nextGamma(alpha), nextGamma(alpha))
    // Tiny parameters give two zeros: then one of both ends is as likely.
    guard first + second > 0 else { return nextUniform() < 0.5 ? 0 : 1 }
    return first / (first + second)
  }

  /// A number from the gamma distribution of scale 1 (Marsaglia and Tsang 2000).
  private mutating func nextGamma(_ shape: Double) -> Double {
    guard shape >= 1 else { return nextGamma(shape + 1) * pow(1 - nextUniform(), 1 / shape) }
    let d = shape - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      // Box and Muller; the second number is not used.
      let normal = (-2 * log(1 - nextUniform())).squareRoot() * cos(2 * Double.pi * nextUniform())
      let root = 1 + c * normal
      guard root > 0 else { continue }
      let v = root * root * root
      if log(1 - nextUniform()) < normal * normal / 2 + d - d * v + d * log(v) { return d * v }
    }
  }
}
