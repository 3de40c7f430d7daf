import Ops

/// `pad(before, after, axis, mode=zeros)`: `torch.nn.functional.pad` along one axis.
package enum PadLayer: LayerWord {
  package static let name = "pad"
  package static let documentation =
    "Further positions before and after an axis: zeros, the mirror image without the edge, or the edge repeated."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("before", .whole(atLeast: 0)), ArgumentSchema("after", .whole(atLeast: 0)),
    ArgumentSchema("axis", .whole(atLeast: Int.min)),
    .optional("mode", .choice(["zeros", "reflect", "replicate"]), "zeros"),
  ]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    let axis = try resolvedAxis(arguments.whole("axis", else: 0), "axis", input.type)
    let (before, after) = (arguments.whole("before", else: 0), arguments.whole("after", else: 0))
    let extent = input.type.shape[axis]
    var type = input.type
    type.shape[axis] += before + after
    site.fallback = type
    site.arithmetic = { "\(before) + \(extent) + \(after)" }
    guard input.type.element == .float32 else { throw .element(expected: "f32", found: input.type) }
    let mode = arguments.text("mode")
    if mode == "reflect" {
      for (argument, width) in [("before", before), ("after", after)] where width >= extent {
        throw .argument(argument, reason: "must be less than the \(extent) positions that `reflect` mirrors")
      }
    }
    let result = try site.add(Pad(axis: axis + 1, before: before, after: after), [input.value])
    if mode != "reflect" && mode != "replicate" { return result }
    // The edges are put where the zeros are.
    var sum = result
    for (width, isBefore) in [(before, true), (after, false)] where width > 0 {
      var edge: Tensor
      if mode == "reflect" {
        edge = try sliced(input, axis: axis, start: isBefore ? 1 : extent - 1 - width, count: width, site)
        edge = try site.add(Reverse(axis: axis + 1), [edge.value])
      } else {
        edge = try sliced(input, axis: axis, start: isBefore ? 0 : extent - 1, count: 1, site)
        var shape = input.type.shape
        shape[axis] = width
        edge = try site.add(BroadcastTo(shape: [site.batch] + shape), [edge.value])
      }
      let rest = before + extent + after - width
      edge = try site.add(Pad(axis: axis + 1, before: isBefore ? 0 : rest, after: isBefore ? rest : 0), [edge.value])
      sum = try site.add(Add(), [sum.value, edge.value])
    }
    return sum
  }
}
