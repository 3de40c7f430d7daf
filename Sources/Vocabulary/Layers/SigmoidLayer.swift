import Ops

/// `sigmoid`, elementwise.
package enum SigmoidLayer: LayerWord {
  package static let name = "sigmoid"
  package static let documentation = "1 / (1 + exp(-x)): a number between 0 and 1."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = []

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    try elementwise(Sigmoid(), input, site)
  }
}
