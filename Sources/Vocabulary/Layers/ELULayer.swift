import Ops

/// `elu(alpha=1)`: `torch.nn.ELU`.
package enum ELULayer: LayerWord {
  package static let name = "elu"
  package static let documentation = "x where it is positive, else alpha * (exp(x) - 1)."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = [.optional("alpha", .number(.positive), "1")]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    try elementwise(ELU(alpha: arguments.number("alpha", else: 1)), input, site)
  }
}
