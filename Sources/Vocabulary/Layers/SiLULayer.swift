import Ops

/// `silu`: `torch.nn.SiLU`.
package enum SiLULayer: LayerWord {
  package static let name = "silu"
  package static let documentation = "x times its sigmoid, also called swish."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = []

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    try elementwise(SiLU(), input, site)
  }
}
