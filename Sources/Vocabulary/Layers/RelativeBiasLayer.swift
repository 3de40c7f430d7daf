import Graphs
import KernelContract
import Ops

/// `relative_bias(heads, buckets, max_distance)`: T5's relative positions, declared by `layer` and passed to `attention` as `position=`.
package enum RelativeBiasLayer: PositionWord {
  package static let name = "relative_bias"
  package static let documentation =
    "A trained number for each head and each distance of two places, far ones in common buckets; for `attention(position=…)`."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("heads", .whole(atLeast: 1)), ArgumentSchema("buckets", .whole(atLeast: 2)),
    ArgumentSchema("max_distance", .whole(atLeast: 2)),
    .optional("causal", .flag, "false", namedOnly: true),
  ]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    site.fallback = input.type
    throw .misplaced("`relative_bias` is declared by `layer` and passed to `attention` as `position=…`")
  }

  package static func bias(
    heads: Int, queries: Int, keys: Int, _ arguments: Arguments, _ site: LayerSite
  ) throws(WordError) -> Value {
    let own = arguments.whole("heads", else: 1)
    if own != heads { throw .argument("position", reason: "has \(own) heads, the attention \(heads)") }
    let buckets = RelativeBuckets(
      count: arguments.whole("buckets", else: 32), maximum: arguments.whole("max_distance", else: 128),
      isCausal: arguments.flag("causal", else: false))
    let table = try site.parameter(
      "weight", [buckets.count, heads], fans: WeightFans(fanIn: buckets.count, fanOut: heads),
      initializer: .normal(standardDeviation: 1))
    return try site.addScalar(RelativeBias(buckets, queries: queries, keys: keys), [table])
  }
}
