/// `lstm(width, …)`: `torch.nn.LSTM` on [steps, features], gates and parameters as PyTorch's.
package enum LSTMLayer: LayerWord {
  package static let name = "lstm"
  package static let documentation =
    "Long short-term memory: a state that gates keep, change and show, carried along the steps."
  package static let schema = recurrentSchema

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    try recurrentLayer(.lstm, input, arguments, site)
  }
}
