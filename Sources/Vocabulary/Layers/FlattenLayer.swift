import Ops

/// `flatten(from=0)`: `torch.nn.Flatten`, with axes counted without the batch.
package enum FlattenLayer: LayerWord {
  package static let name = "flatten"
  package static let documentation = "All axes from `from` on as one."
  package static let schema: [ArgumentSchema] = [.optional("from", .whole(atLeast: Int.min), "0")]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    let shape = input.type.shape
    var from = arguments.whole("from", else: 0)
    if from != 0 || !shape.isEmpty { from = try resolvedAxis(from, "from", input.type) }
    site.arithmetic = { shape[from...].map(String.init).joined(separator: " * ") }
    let flat = shape[..<from] + [saturatingProduct(Array(shape[from...]))]
    return try reshaped(input, Array(flat), site)
  }
}

/// The same numbers with another shape; the count is known to agree.
func reshaped(_ input: Tensor, _ shape: [Int], _ site: LayerSite) throws(WordError) -> Tensor {
  if shape == input.type.shape { return input }
  let result = try site.add(Reshape(shape: [site.batch] + shape), [input.value])
  return Tensor(value: result.value, type: ExampleType(input.type.element, shape))
}
