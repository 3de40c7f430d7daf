import Ops

/// `clip(lo, hi)`: `torch.clamp`.
package enum ClipLayer: LayerWord {
  package static let name = "clip"
  package static let documentation = "x held between `lo` and `hi`."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = [ArgumentSchema("lo", .number), ArgumentSchema("hi", .number)]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    let (low, high) = (arguments.number("lo", else: -.infinity), arguments.number("hi", else: .infinity))
    site.fallback = input.type
    if low > high { throw .argument("hi", reason: "must be at least `lo`, \(numberText(low))") }
    return try elementwise(Clip(low: low, high: high), input, site)
  }
}
