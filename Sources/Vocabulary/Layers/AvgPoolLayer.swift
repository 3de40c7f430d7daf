import Ops

/// `avg_pool(kernel, …)`: `torch.nn.AvgPool2d`, but padding does not count unless asked.
package enum AvgPoolLayer: LayerWord {
  package static let name = "avg_pool"
  package static let documentation =
    "The mean under a window that moves over the input; with `count_pad=true`, PyTorch's default, padding counts as zeros."
  package static let schema: [ArgumentSchema] =
    MaxPoolLayer.schema + [.optional("count_pad", .flag, "false", namedOnly: true)]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    let countPadding = arguments.flag("count_pad", else: false)
    return try pool(input, arguments, site) { AveragePool2D(window: $0, countPadding: countPadding) }
  }
}
