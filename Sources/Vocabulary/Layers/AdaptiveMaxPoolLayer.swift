import Ops

/// `adaptive_max_pool(size)`: `torch.nn.AdaptiveMaxPool2d`.
package enum AdaptiveMaxPoolLayer: LayerWord {
  package static let name = "adaptive_max_pool"
  package static let documentation =
    "The largest values of as many bins as `size` says, whatever the size of the input."
  package static let schema = AdaptiveAvgPoolLayer.schema

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    try adaptivePool(input, arguments, site) { AdaptiveMaxPool2D(size: $0) }
  }
}
