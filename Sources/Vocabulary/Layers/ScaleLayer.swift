import Ops

/// `scale(k)`: multiplication by a number.
package enum ScaleLayer: LayerWord {
  package static let name = "scale"
  package static let documentation = "Every value times `k`."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = [ArgumentSchema("k", .number)]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    try elementwise(Scale(factor: arguments.number("k", else: 1)), input, site)
  }
}
