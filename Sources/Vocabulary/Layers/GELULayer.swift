import Ops

/// `gelu(tanh=false)`: `torch.nn.GELU`.
package enum GELULayer: LayerWord {
  package static let name = "gelu"
  package static let documentation =
    "x times the probability that a normal number is below x; `tanh=true` takes the approximation by tanh."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = [.optional("tanh", .flag, "false", namedOnly: true)]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    try elementwise(GELU(isApproximate: arguments.flag("tanh", else: false)), input, site)
  }
}
