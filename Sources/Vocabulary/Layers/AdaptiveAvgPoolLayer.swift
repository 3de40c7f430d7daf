import Graphs
import Ops

/// `adaptive_avg_pool(size)`: `torch.nn.AdaptiveAvgPool2d`.
package enum AdaptiveAvgPoolLayer: LayerWord {
  package static let name = "adaptive_avg_pool"
  package static let documentation = "Means over as many bins as `size` says, whatever the size of the input."
  package static let schema: [ArgumentSchema] = [ArgumentSchema("size", .pair(atLeast: 1))]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    try adaptivePool(input, arguments, site) { AdaptiveAveragePool2D(size: $0) }
  }
}

/// The common way of `adaptive_avg_pool` and `adaptive_max_pool`.
func adaptivePool<Pooling: Op>(
  _ input: Tensor, _ arguments: Arguments, _ site: LayerSite, _ make: ([Int]) -> Pooling
) throws(WordError) -> Tensor {
  let image = try ImageInput(input)
  guard let size = arguments.perAxis("size", rank: image.extents.count) else {
    throw .argument("size", reason: "must have one number, or one for height and one for width")
  }
  site.fallback = ExampleType(.float32, [image.channels] + size)
  if let large = size.first(where: { $0 > Window.largest }) {
    throw .argument("size", reason: "is too large: \(large)")
  }
  return try image.restored(try site.add(make(image.pair(size, 1)), [try image.image(site)]), site)
}
