import Ops

/// `mean(axis)`: the mean along an axis, which goes away.
package enum MeanLayer: LayerWord {
  package static let name = "mean"
  package static let documentation = "The mean along an axis, which goes away."
  package static let schema: [ArgumentSchema] = [ArgumentSchema("axis", .whole(atLeast: Int.min))]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    guard input.type.element == .float32 else { throw .element(expected: "f32", found: input.type) }
    let axis = try resolvedAxis(arguments.whole("axis", else: 0), "axis", input.type)
    var shape = input.type.shape
    let extent = shape[axis]
    shape[axis] = 1
    let sum = try site.add(SumTo(shape: [site.batch] + shape), [input.value])
    shape.remove(at: axis)
    let mean = try site.add(Scale(factor: 1 / Double(extent)), [sum.value])
    return try reshaped(mean, shape, site)
  }
}
