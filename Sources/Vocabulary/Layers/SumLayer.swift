import Ops

/// `sum(axis)`: `torch.sum` over one axis.
package enum SumLayer: LayerWord {
  package static let name = "sum"
  package static let documentation = "The sum over an axis, which goes away."
  package static let schema: [ArgumentSchema] = [ArgumentSchema("axis", .whole(atLeast: Int.min))]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    let axis = try resolvedAxis(arguments.whole("axis", else: 0), "axis", input.type)
    site.fallback = ExampleType(.float32, without(axis, input.type.shape))
    guard input.type.element == .float32 else { throw .element(expected: "f32", found: input.type) }
    var shape = input.type.shape
    shape[axis] = 1
    let result = try site.add(SumTo(shape: [site.batch] + shape), [input.value])
    return try reshaped(result, without(axis, shape), site)
  }
}
