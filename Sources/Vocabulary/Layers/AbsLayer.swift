import Ops

/// `abs`, elementwise.
package enum AbsLayer: LayerWord {
  package static let name = "abs"
  package static let documentation = "The absolute value."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = []

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    try elementwise(Absolute(), input, site)
  }
}
