import Graphs
import Ops

/// `parameter([dims], init=zeros)`: `torch.nn.Parameter`.
package enum ParameterValue: ValueWord {
  package static let name = "parameter"
  package static let documentation =
    "A trained tensor, the same for every example; declared by `layer`, used as a value."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("dims", .list(.whole(atLeast: 1))), .optional("init", .initializer, "zeros", namedOnly: true),
  ]

  package static func value(_ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    let shape = (arguments.list("dims") ?? []).compactMap(\.whole)
    site.fallback = ExampleType(.float32, shape)
    let taps = saturatingProduct(Array(shape.dropFirst(2)))
    let fans = WeightFans(
      fanIn: saturatingProduct([shape.count > 1 ? shape[1] : shape.first ?? 1, taps]),
      fanOut: saturatingProduct([shape.first ?? 1, taps]))
    let parameter = try site.parameter(
      "", shape, fans: fans, initializer: .constant(0), override: arguments.initializer("init", fans))
    let one = try site.addScalar(Reshape(shape: [1] + shape), [parameter])
    return try site.add(BroadcastTo(shape: [site.batch] + shape), [one])
  }
}
