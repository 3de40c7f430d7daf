import Graphs
import Ops

/// `embedding(n, d)`: `torch.nn.Embedding`. With `lazy=true` the optimizer leaves rows that a batch does not name as they are, its memory of
/// them included; without, momentum and decay go on for all rows.
package enum EmbeddingLayer: TiedWord {
  package static let name = "embedding"
  package static let documentation = "A trained row of `d` numbers for each of `n` indices."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("n", .whole(atLeast: 1)), ArgumentSchema("d", .whole(atLeast: 1)),
    .optional("init", .initializer, "the setting `init`, or normal with deviation 1", namedOnly: true),
    .optional("lazy", .flag, "false", namedOnly: true),
  ]
  package static let uses = ["unembed"]

  package static func documentation(ofUse name: String) -> String {
    "The scores of all rows for a vector: its products with the rows of the table, whose weights it shares."
  }

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    let (rows, width) = (arguments.whole("n", else: 1), arguments.whole("d", else: 1))
    site.fallback = ExampleType(.float32, input.type.shape + [width])
    guard case .index(let count) = input.type.element else {
      throw .element(expected: "index(…)", found: input.type)
    }
    if count > rows { throw .argument("n", reason: "must be at least \(count), the values of \(input.type)") }
    return try site.add(Embedding(), [try table(arguments, site), input.value])
  }

  /// The scores of all rows for a vector: its products with them.
  package static func expand(
    use: String, _ input: Tensor, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> Tensor {
    let (rows, width) = (arguments.whole("n", else: 1), arguments.whole("d", else: 1))
    guard let found = input.type.shape.last else {
      throw .rank(expected: [1, 2], found: input.type, form: "[…, \(width)]")
    }
    site.fallback = ExampleType(.float32, input.type.shape.dropLast() + [rows])
    guard input.type.element == .float32 else { throw .element(expected: "f32", found: input.type) }
    if found != width { throw .statedSize(argument: "d", what: "input features", stated: width, found: found) }
    site.multiplyAdds = saturatingProduct(input.type.shape + [rows])
    return try site.add(Linear(), [input.value, try table(arguments, site)])
  }

  private static func table(_ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Value {
    let (rows, width) = (arguments.whole("n", else: 1), arguments.whole("d", else: 1))
    let fans = WeightFans(fanIn: width, fanOut: rows)
    return try site.parameter(
      "weight", [rows, width], fans: fans, initializer: .normal(standardDeviation: 1),
      override: arguments.initializer("init", fans), isLazy: arguments.flag("lazy", else: false))
  }
}
