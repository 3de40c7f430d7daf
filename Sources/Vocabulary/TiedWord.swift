/// A layer whose weights a declared layer of it can also use otherwise: `tok.unembed`.
package protocol TiedWord: LayerWord {
  /// The names of those uses.
  static var uses: [String] { get }
  /// One sentence about the use of that name, one of `uses`.
  static func documentation(ofUse name: String) -> String

  /// The use of that name, one of `uses`.
  static func expand(
    use: String, _ input: Tensor, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> Tensor
}
