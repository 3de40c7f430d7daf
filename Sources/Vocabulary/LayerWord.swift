/// A layer: makes one tensor out of one, with weights of its own where it has any.
package protocol LayerWord: Word {
  /// Whether the result has the type of the input: such layers are left out of the chain of shapes.
  static var keepsShape: Bool { get }

  /// Adds the ops to the graph of `site`. Throws a fact after setting `site.fallback` where the result's type is known all the same.
  static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor
}

extension LayerWord {
  package static var keepsShape: Bool { false }
}
