import Graphs
import Ops

/// `conv(out, kernel, …)`: `torch.nn.Conv1d` and `Conv2d`, by the rank of the input.
package enum ConvLayer: LayerWord {
  package static let name = "conv"
  package static let documentation =
    "Slides `out` windows of size `kernel` over one or two axes; each makes a channel of weighted sums of what it sees."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("out", .whole(atLeast: 1)),
    ArgumentSchema("kernel", .pair(atLeast: 1)),
    .optional("stride", .pair(atLeast: 1), "1"),
    .optional("pad", .either([.pair(atLeast: 0), .choice(["same"])]), "0"),
    .optional("dilation", .pair(atLeast: 1), "1", namedOnly: true),
    .optional("groups", .whole(atLeast: 1), "1", namedOnly: true),
    .optional("bias", .flag, "true", namedOnly: true),
    .optional("pad_mode", .choice(["zeros", "reflect", "replicate"]), "zeros", namedOnly: true),
    .optional("inputs", .whole(atLeast: 1), "the channels of the input", namedOnly: true),
    .optional("init", .initializer, "the setting `init`, or uniform within 1/sqrt(fan_in)", namedOnly: true),
  ]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    let image = try ImageInput(input)
    let window = try Window(arguments, rank: image.extents.count, strideDefaultsToKernel: false)
    let out = arguments.whole("out", else: 1)
    let groups = arguments.whole("groups", else: 1)
    if let stated = arguments.whole("inputs"), stated != image.channels {
      if let positions = try? window.positions(image.extents) {
        site.fallback = ExampleType(.float32, [out] + positions)
      }
      throw .statedSize(argument: "inputs", what: "input channels", stated: stated, found: image.channels)
    }
    let positions = try window.positions(image.extents)
    site.fallback = ExampleType(.float32, [out] + positions)
    for (count, what) in [(image.channels, "input channels"), (out, "filters")] where count % groups != 0 {
      throw .argument("groups", reason: "must divide the \(count) \(what)")
    }
    let mode: Padding2D.Mode =
      switch arguments.text("pad_mode") {
      case "reflect": .reflect
      case "replicate": .replicate
      default: .zeros
      }
    if mode == .reflect, let axis = window.pad.indices.first(where: { window.pad[$0] >= image.extents[$0] }) {
      throw .argument("pad", reason: "must be less than the \(image.extents[axis]) positions that `reflect` mirrors")
    }
    let inputs = image.channels / groups
    let taps = saturatingProduct(window.kernel)
    let fans = WeightFans(fanIn: saturatingProduct([inputs, taps]), fanOut: saturatingProduct([out, taps]))
    var weight = try site.parameter(
      "weight", [out, inputs] + window.kernel, fans: fans, override: arguments.initializer("init", fans))
    if window.kernel.count == 1 {
      do { weight = try site.builder.add(Reshape(shape: [out, inputs, 1, window.kernel[0]]), [weight]) } catch {
        throw WordError(error)
      }
    }
    let pad = image.pair(window.pad, 0)
    let convolution = Conv2D(
      stride: image.pair(window.stride, 1),
      padding: Padding2D(top: pad[0], bottom: pad[0], left: pad[1], right: pad[1], mode: mode),
      dilation: image.pair(window.dilation, 1), groups: groups)
    var result = try site.add(convolution, [try image.image(site), weight])
    if arguments.flag("bias", else: true) {
      let bias = try site.parameter("bias", [out], fans: fans)
      result = try site.add(AddBias(axis: 1), [result.value, bias])
    }
    site.multiplyAdds = saturatingProduct([out, inputs, taps] + positions)
    site.arithmetic = { window.arithmetic(image.extents, positions) }
    site.resize = window.resized
    return try image.restored(result, site)
  }
}
