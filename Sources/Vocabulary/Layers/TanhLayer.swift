import Ops

/// `tanh`, elementwise.
package enum TanhLayer: LayerWord {
  package static let name = "tanh"
  package static let documentation = "The hyperbolic tangent: a number between -1 and 1."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = []

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    try elementwise(Tanh(), input, site)
  }
}
