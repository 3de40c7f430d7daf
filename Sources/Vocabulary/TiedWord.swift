/// A layer whose weights a declared layer of it can also use otherwise: `tok.unembed`.
package protocol TiedWord: LayerWord {
  /// The names of those uses.
  static var uses: [String] { get }

  /// The use of that name, one of `uses`.
  static func expand(
    use: String, _ input: Tensor, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> Tensor
}
