import Graphs
import Ops

/// `slice(from, to, axis=0)`: `x[from:to]` along an axis; negative positions count from the end.
package enum SliceLayer: LayerWord {
  package static let name = "slice"
  package static let documentation =
    "The positions from `from` up to but without `to` of an axis; negative ones count from its end."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("from", .whole(atLeast: Int.min)),
    .optional("to", .whole(atLeast: Int.min), "the end"),
    .optional("axis", .whole(atLeast: Int.min), "0"),
  ]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    let axis = try resolvedAxis(arguments.whole("axis", else: 0), "axis", input.type)
    let extent = input.type.shape[axis]
    let start = try position(arguments.whole("from", else: 0), "from", 0...extent - 1, extent)
    let end = try position(arguments.whole("to", else: extent), "to", 0...extent, extent)
    if end <= start { throw .argument("to", reason: "must be after `from`: \(end) is not after \(start)") }
    site.arithmetic = { "\(end) - \(start)" }
    return try sliced(input, axis: axis, start: start, count: end - start, site)
  }
}

/// A position of an axis of `extent` counted from 0, where the user may count from the end with negative numbers.
func position(
  _ given: Int, _ argument: String, _ range: ClosedRange<Int>, _ extent: Int
) throws(WordError) -> Int {
  let position = given < 0 && given >= -extent ? given + extent : given
  guard range.contains(position) else {
    throw .argument(argument, reason: "must be from \(-extent) to \(range.upperBound)")
  }
  return position
}

/// Some positions of an axis, of whatever element.
func sliced(
  _ input: Tensor, axis: Int, start: Int, count: Int, _ site: LayerSite
) throws(WordError) -> Tensor {
  var type = input.type
  type.shape[axis] = count
  let value = try site.add(Slice(axis: axis + 1, start: start, count: count), [input.value]).value
  return Tensor(value: value, type: type)
}
