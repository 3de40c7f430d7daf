import Ops

/// `dropout(p)`: `torch.nn.Dropout`.
package enum DropoutLayer: LayerWord {
  package static let name = "dropout"
  package static let documentation =
    "In training, sets each value to 0 with probability `p` and scales the others by 1 / (1 - p)."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = [ArgumentSchema("p", .number(.probability))]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    site.fallback = input.type
    guard input.type.element == .float32 else { throw .element(expected: "f32", found: input.type) }
    let probability = arguments.number("p", else: 0)
    let identifier = site.nextDropout()
    if probability == 0 || site.mode == .evaluation { return input }
    let dropout = Dropout(probability: probability, seed: site.seed, identifier: identifier)
    return try site.add(dropout, [input.value, try site.step()])
  }
}
