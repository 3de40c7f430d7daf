import Ops

/// `reshape([dims])`: the same numbers, in row-major order, with another shape.
package enum ReshapeLayer: LayerWord {
  package static let name = "reshape"
  package static let documentation = "The same numbers with another shape; one size may be -1 and is worked out."
  package static let schema: [ArgumentSchema] = [ArgumentSchema("dims", .list(.whole(atLeast: -1)))]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    var shape = (arguments.list("dims") ?? []).compactMap(\.whole)
    let unknown = shape.indices.filter { shape[$0] == -1 }
    if unknown.count > 1 { throw .argument("dims", reason: "can have one -1 only") }
    if shape.count > ExampleType.rankLimit {
      throw .argument("dims", reason: "can have \(ExampleType.rankLimit) sizes")
    }
    if shape.contains(0) { throw .argument("dims", reason: "cannot have a size of 0") }
    let count = input.type.count
    let known = saturatingProduct(shape.filter { $0 != -1 })
    if let index = unknown.first {
      guard count % known == 0 else { throw .count(expected: count, found: known) }
      shape[index] = count / known
    } else if known != count {
      site.fallback = ExampleType(input.type.element, shape)
      throw .count(expected: count, found: known)
    }
    return try reshaped(input, shape, site)
  }
}
