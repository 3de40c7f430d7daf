import Ops

/// `transpose(axes=reverse)`: the axes in another order.
package enum TransposeLayer: LayerWord {
  package static let name = "transpose"
  package static let documentation = "The axes in another order; without one, in the reverse."
  package static let schema: [ArgumentSchema] = [
    .optional("axes", .either([.list(.whole(atLeast: 0)), .choice(["reverse"])]), "reverse")
  ]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    let rank = input.type.rank
    let axes = arguments.list("axes")?.compactMap(\.whole) ?? Array((0..<rank).reversed())
    guard axes.sorted() == Array(0..<rank) else {
      throw .argument("axes", reason: "must name each axis of \(input.type) once, from 0 to \(rank - 1)")
    }
    let result = try site.addScalar(Transpose(axes: [0] + axes.map { $0 + 1 }), [input.value])
    return Tensor(value: result, type: ExampleType(input.type.element, axes.map { input.type.shape[$0] }))
  }
}
