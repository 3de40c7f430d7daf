/// `gru(width, …)`: `torch.nn.GRU` on [steps, features], gates and parameters as PyTorch's.
package enum GRULayer: LayerWord {
  package static let name = "gru"
  package static let documentation =
    "Gated recurrent unit: a state that gates mix with a new one, carried along the steps."
  package static let schema = recurrentSchema

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    try recurrentLayer(.gru, input, arguments, site)
  }
}
