/// A word that makes a tensor of others and is called like a function: `concat(a, b)`.
package protocol FunctionWord: Word {
  /// Adds the ops to the graph of `site`.
  static func expand(_ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor
}
