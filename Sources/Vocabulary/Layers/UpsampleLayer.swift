import Graphs
import Ops

/// `upsample(factor, mode=nearest)`: `torch.nn.Upsample` with a whole factor, by the rank of the input.
package enum UpsampleLayer: LayerWord {
  package static let name = "upsample"
  package static let documentation =
    "Enlarges by a whole factor: each position repeated, or with `mode=bilinear` means of the nearest ones."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("factor", .pair(atLeast: 1)),
    .optional("mode", .choice(["nearest", "bilinear"]), "nearest"),
  ]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    let image = try ImageInput(input)
    guard let factor = arguments.perAxis("factor", rank: image.extents.count) else {
      throw .argument("factor", reason: "must have one number, or one for height and one for width")
    }
    if let large = factor.first(where: { $0 > Window.largest }) {
      throw .argument("factor", reason: "is too large: \(large)")
    }
    let extents = zip(image.extents, factor).map { saturatingProduct([$0, $1]) }
    site.fallback = ExampleType(.float32, [image.channels] + extents)
    site.arithmetic = { zip(image.extents, factor).map { "\($0) * \($1)" }.joined(separator: ", ") }
    let pair = image.pair(factor, 1)
    let op: any Op =
      arguments.text("mode") == "bilinear" ? UpsampleBilinear2D(factor: pair) : UpsampleNearest2D(factor: pair)
    return try image.restored(try site.add(op, [try image.image(site)]), site)
  }
}
