import Ops

/// `max(axis)`: the values of `torch.max` over one axis.
package enum MaxLayer: LayerWord {
  package static let name = "max"
  package static let documentation = "The greatest value along an axis, which goes away."
  package static let schema: [ArgumentSchema] = [ArgumentSchema("axis", .whole(atLeast: Int.min))]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    let shape = input.type.shape
    let axis = try resolvedAxis(arguments.whole("axis", else: 0), "axis", input.type)
    site.fallback = ExampleType(.float32, without(axis, shape))
    guard input.type.element == .float32 else { throw .element(expected: "f32", found: input.type) }
    // A pool whose window is the whole axis, over an image of everything before the axis, the axis, everything after it.
    let (before, after) = (saturatingProduct(Array(shape[..<axis])), saturatingProduct(Array(shape[(axis + 1)...])))
    let image = try reshaped(input, [before, shape[axis], after], site)
    let window = Window2D(kernel: [shape[axis], 1], stride: [shape[axis], 1])
    if shape[axis] > Window.largest { throw .tooLarge(shape: shape) }
    return try reshaped(try site.add(MaxPool2D(window: window), [image.value]), without(axis, shape), site)
  }
}
