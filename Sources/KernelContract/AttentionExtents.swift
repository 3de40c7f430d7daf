/// The extents of an attention: examples, heads, places of queries and of keys, and the width of a head.
package struct AttentionExtents: Sendable, Hashable, BitwiseCopyable {
  package let examples: Int
  package let heads: Int
  package let queries: Int
  package let keys: Int
  package let width: Int

  package init(examples: Int, heads: Int, queries: Int, keys: Int, width: Int) {
    self.examples = examples
    self.heads = heads
    self.queries = queries
    self.keys = keys
    self.width = width
  }
}

/// What says where an attention may look.
package enum AttentionMask: UInt8, Sendable, Hashable, BitwiseCopyable {
  case none
  /// One flag for each key of an example.
  case keys
  /// One flag for each query and key of an example.
  case pairs
}
