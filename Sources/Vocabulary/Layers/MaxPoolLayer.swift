import Graphs
import Ops

/// `max_pool(kernel, …)`: `torch.nn.MaxPool2d`.
package enum MaxPoolLayer: LayerWord {
  package static let name = "max_pool"
  package static let documentation = "The largest value under a window that moves over the input."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("kernel", .pair(atLeast: 1)),
    .optional("stride", .pair(atLeast: 1), "kernel"),
    .optional("pad", .pair(atLeast: 0), "0"),
    .optional("ceil", .flag, "false", namedOnly: true),
  ]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    try pool(input, arguments, site) { MaxPool2D(window: $0) }
  }
}

/// The common way of `max_pool` and `avg_pool`.
func pool<Pooling: Op>(
  _ input: Tensor, _ arguments: Arguments, _ site: LayerSite, _ make: (Window2D) -> Pooling
) throws(WordError) -> Tensor {
  let image = try ImageInput(input)
  let window = try Window(arguments, rank: image.extents.count, strideDefaultsToKernel: true)
  for axis in window.pad.indices where window.pad[axis] > window.kernel[axis] / 2 {
    throw .argument("pad", reason: "must be at most \(window.kernel[axis] / 2), half of the kernel")
  }
  let positions = try window.positions(image.extents)
  site.fallback = ExampleType(.float32, [image.channels] + positions)
  site.arithmetic = { window.arithmetic(image.extents, positions) }
  site.resize = window.resized
  let pooling = Window2D(
    kernel: image.pair(window.kernel, 1), stride: image.pair(window.stride, 1), padding: image.pair(window.pad, 0),
    ceil: window.ceil)
  return try image.restored(try site.add(make(pooling), [try image.image(site)]), site)
}
