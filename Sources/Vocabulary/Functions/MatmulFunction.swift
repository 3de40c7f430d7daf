import Ops

/// `matmul(a, b)`: the product of matrices over the last two axes.
package enum MatmulFunction: FunctionWord {
  package static let name = "matmul"
  package static let documentation = "The product of two matrices; further axes before the last two must agree."
  package static let schema: [ArgumentSchema] = [ArgumentSchema("a", .tensor), ArgumentSchema("b", .tensor)]

  package static func expand(_ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    let (a, b) = try comparedPair(arguments, "a", "b")
    for tensor in [a, b] {
      guard tensor.type.element == .float32 else { throw .element(expected: "f32", found: tensor.type) }
    }
    let rank = a.type.rank
    guard rank >= 2, b.type.rank == rank, a.type.shape.dropLast(2) == b.type.shape.dropLast(2),
      a.type.shape[rank - 1] == b.type.shape[rank - 2]
    else { throw .typesDiffer("a", a.type, "b", b.type) }
    site.multiplyAdds = saturatingProduct(a.type.shape + [b.type.shape[rank - 1]])
    return try site.add(BatchProduct(), [a.value, b.value])
  }
}
