import Ops

/// `softmax(axis=-1)`: `torch.nn.Softmax`.
package enum SoftmaxLayer: LayerWord {
  package static let name = "softmax"
  package static let documentation = "Positive numbers that add up to 1 along an axis."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = [.optional("axis", .whole(atLeast: Int.min), "-1")]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    site.fallback = input.type
    guard input.type.rank >= 1 else { throw .rank(expected: [1, 2, 3], found: input.type, form: "[…, classes]") }
    guard input.type.element == .float32 else { throw .element(expected: "f32", found: input.type) }
    let axis = try resolvedAxis(arguments.whole("axis", else: -1), "axis", input.type)
    return try site.add(Softmax(axis: axis + 1), [input.value])
  }
}

/// An axis of one example counted from 0, where the user may count from the end with negative numbers.
func resolvedAxis(_ axis: Int, _ argument: String, _ type: ExampleType) throws(WordError) -> Int {
  if type.rank == 0 { throw .argument(argument, reason: "names an axis, but \(type) has none") }
  guard axis >= -type.rank, axis < type.rank else {
    throw .argument(argument, reason: "must be from \(-type.rank) to \(type.rank - 1) for \(type)")
  }
  return axis < 0 ? axis + type.rank : axis
}
