import Ops

/// `take(index, axis=0)`: `torch.select`.
package enum TakeLayer: LayerWord {
  package static let name = "take"
  package static let documentation =
    "One position of an axis, which goes away; a negative index counts from the end."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("index", .whole(atLeast: Int.min)), .optional("axis", .whole(atLeast: Int.min), "0"),
  ]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    let axis = try resolvedAxis(arguments.whole("axis", else: 0), "axis", input.type)
    let extent = input.type.shape[axis]
    let index = try position(arguments.whole("index", else: 0), "index", 0...extent - 1, extent)
    let result = try sliced(input, axis: axis, start: index, count: 1, site)
    return try reshaped(result, without(axis, input.type.shape), site)
  }
}

/// A shape without one of its axes.
package func without(_ axis: Int, _ shape: [Int]) -> [Int] { Array(shape[..<axis] + shape[(axis + 1)...]) }
