#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// In which bucket T5 puts the distance of a key from a query (C. Raffel et al., 2020): one bucket for each small distance, then
/// buckets that grow with the logarithm up to `maximum`. Bidirectional, the second half of the buckets is for keys that come later;
/// causal, those share the bucket of distance 0.
package struct RelativeBuckets: Sendable, Hashable, BitwiseCopyable {
  package let count: Int
  package let maximum: Int
  package let isCausal: Bool

  package init(count: Int, maximum: Int, isCausal: Bool) {
    self.count = count
    self.maximum = maximum
    self.isCausal = isCausal
  }

  /// The bucket of `distance`, the place of the key less that of the query, in float32 as the original computes it.
  package func bucket(_ distance: Int) -> Int {
    let half = isCausal ? count : count / 2
    let offset = !isCausal && distance > 0 ? half : 0
    let magnitude = isCausal ? max(0, -distance) : abs(distance)
    let exact = half / 2
    if magnitude < exact || exact == 0 { return offset + min(magnitude, half - 1) }
    let growth = log(Float(magnitude) / Float(exact)) / Float(log(Double(maximum) / Double(exact)))
    return offset + min(exact + Int(growth * Float(half - exact)), half - 1)
  }
}
