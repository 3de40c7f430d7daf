import Graphs

/// A layer that tells an attention where places stand: declared by `layer`, passed as `position=`.
package protocol PositionWord: LayerWord {
  /// What is added to the products of so many queries and keys in each of `heads` heads: [heads, queries, keys], without a batch.
  static func bias(
    heads: Int, queries: Int, keys: Int, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> Value
}
