import Ops

/// `concat(a, b, …, axis=0)`: `torch.cat`, with axes counted without the batch.
package enum ConcatFunction: FunctionWord {
  package static let name = "concat"
  package static let documentation = "Tensors one behind the other along an axis."
  package static let schema: [ArgumentSchema] = [
    ArgumentSchema("tensors", .tensor, .required, repeated: true),
    .optional("axis", .whole(atLeast: Int.min), "0", namedOnly: true),
  ]

  package static func expand(_ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    let tensors = arguments.tensors("tensors")
    guard let first = tensors.first else { throw .argument("tensors", reason: "must be tensors") }
    let axis = try resolvedAxis(arguments.whole("axis", else: 0), "axis", first.type)
    for (number, tensor) in tensors.enumerated().dropFirst() {
      var shape = tensor.type.shape
      if shape.count == first.type.rank { shape[axis] = first.type.shape[axis] }
      guard shape == first.type.shape, tensor.type.element == first.type.element else {
        throw .typesDiffer("tensor 1", first.type, "tensor \(number + 1)", tensor.type)
      }
    }
    let extent = tensors.reduce(0) { min($0 + $1.type.shape[axis], 1 << 42) }
    var shape = first.type.shape
    shape[axis] = extent
    let result = try site.addScalar(Concat(axis: axis + 1), tensors.map(\.value))
    return Tensor(value: result, type: ExampleType(first.type.element, shape))
  }
}
