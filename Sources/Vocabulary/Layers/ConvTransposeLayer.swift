import Graphs
import Ops

/// `conv_transpose(out, kernel, …)`: `torch.nn.ConvTranspose1d` and `ConvTranspose2d`, by the rank of the input.
package enum ConvTransposeLayer: LayerWord {
  package static let name = "conv_transpose"
  package static let documentation =
    "The opposite of `conv` in sizes: each position of the input adds a window of size `kernel` to the output."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("out", .whole(atLeast: 1)),
    ArgumentSchema("kernel", .pair(atLeast: 1)),
    .optional("stride", .pair(atLeast: 1), "1"),
    .optional("pad", .pair(atLeast: 0), "0"),
    .optional("output_pad", .pair(atLeast: 0), "0", namedOnly: true),
    .optional("dilation", .pair(atLeast: 1), "1", namedOnly: true),
    .optional("groups", .whole(atLeast: 1), "1", namedOnly: true),
    .optional("bias", .flag, "true", namedOnly: true),
    .optional("inputs", .whole(atLeast: 1), "the channels of the input", namedOnly: true),
    .optional("init", .initializer, "the setting `init`, or uniform within 1/sqrt(fan_in)", namedOnly: true),
  ]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    let image = try ImageInput(input)
    let window = try Window(arguments, rank: image.extents.count, strideDefaultsToKernel: false)
    let out = arguments.whole("out", else: 1)
    let groups = arguments.whole("groups", else: 1)
    let further = try outputPad(arguments, window)
    let positions = try positions(image.extents, window, further)
    site.fallback = ExampleType(.float32, [out] + positions)
    note(image.extents, window, further, positions, site)
    if let stated = arguments.whole("inputs"), stated != image.channels {
      throw .statedSize(argument: "inputs", what: "input channels", stated: stated, found: image.channels)
    }
    for (count, what) in [(image.channels, "input channels"), (out, "filters")] where count % groups != 0 {
      throw .argument("groups", reason: "must divide the \(count) \(what)")
    }
    let taps = saturatingProduct(window.kernel)
    // PyTorch counts the fans of this layer from the axes of its weight as they stand.
    let fans = WeightFans(
      fanIn: saturatingProduct([out / groups, taps]), fanOut: saturatingProduct([image.channels, taps]))
    var weight = try site.parameter(
      "weight", [image.channels, out / groups] + window.kernel, fans: fans,
      override: arguments.initializer("init", fans))
    if window.kernel.count == 1 {
      weight = try site.addScalar(
        Reshape(shape: [image.channels, out / groups, 1, window.kernel[0]]), [weight])
    }
    let pad = image.pair(window.pad, 0)
    let convolution = Conv2D(
      stride: image.pair(window.stride, 1),
      padding: Padding2D(top: pad[0], bottom: pad[0], left: pad[1], right: pad[1]),
      dilation: image.pair(window.dilation, 1), groups: groups)
    let shape = [site.batch, out] + image.pair(positions, 1)
    var result = try site.add(
      Conv2DDataGradient(forward: convolution, inputShape: shape), [try image.image(site), weight])
    if arguments.flag("bias", else: true) {
      let bias = try site.parameter("bias", [out], fans: fans)
      result = try site.add(AddBias(axis: 1), [result.value, bias])
    }
    site.multiplyAdds = saturatingProduct([image.channels, out / groups, taps] + image.extents)
    return try image.restored(result, site)
  }

  /// Notes how the size came about, and what would make it larger.
  private static func note(
    _ extents: [Int], _ window: Window, _ further: [Int], _ positions: [Int], _ site: LayerSite
  ) {
    site.arithmetic = {
      var texts: [String] = []
      for axis in extents.indices {
        let steps =
          window.stride[axis] == 1 ? "\(extents[axis]) - 1" : "(\(extents[axis]) - 1) * \(window.stride[axis])"
        let padding = window.pad[axis] == 0 ? "" : " - 2*\(window.pad[axis])"
        let more = further[axis] == 0 ? "" : " + \(further[axis])"
        let text = "\(steps)\(padding) + \(window.reach(axis))\(more) = \(positions[axis])"
        if !texts.contains(text) { texts.append(text) }
      }
      return texts.joined(separator: ", ")
    }
    site.remedy = { wanted in
      guard wanted.rank == positions.count + 1 else { return nil }
      let missing = zip(wanted.shape.dropFirst(), zip(positions, further)).map { $0 - $1.0 + $1.1 }
      guard let first = missing.first, missing.allSatisfy({ $0 == first }), first >= 0, first != further[0],
        window.stride.allSatisfy({ first < $0 })
      else { return nil }
      return "output_pad=\(first)"
    }
  }

  /// `output_pad`, less than the stride: else the window could be put at further places.
  private static func outputPad(_ arguments: Arguments, _ window: Window) throws(WordError) -> [Int] {
    let rank = window.kernel.count
    guard arguments.has("output_pad") else { return [Int](repeating: 0, count: rank) }
    guard let further = arguments.perAxis("output_pad", rank: rank) else {
      throw .argument("output_pad", reason: "must have one number, or one for height and one for width")
    }
    for axis in further.indices where further[axis] >= window.stride[axis] {
      throw .argument("output_pad", reason: "must be less than the stride, \(window.stride[axis])")
    }
    return further
  }

  /// The sizes of the result beside the channels.
  private static func positions(
    _ extents: [Int], _ window: Window, _ further: [Int]
  ) throws(WordError) -> [Int] {
    var positions: [Int] = []
    for axis in extents.indices {
      let (steps, overflow) = (extents[axis] - 1).multipliedReportingOverflow(by: window.stride[axis])
      if overflow || steps > 1 << 60 { throw .tooLarge(shape: extents) }
      let count = steps - 2 * window.pad[axis] + window.reach(axis) + further[axis]
      if count < 1 {
        throw .argument("pad", reason: "takes away all \(count + 2 * window.pad[axis]) positions of the result")
      }
      positions.append(count)
    }
    return positions
  }
}
