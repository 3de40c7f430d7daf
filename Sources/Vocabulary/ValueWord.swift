/// A word that makes a tensor of nothing: declared by `layer`, then used as a value.
package protocol ValueWord: Word {
  static func value(_ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor
}
