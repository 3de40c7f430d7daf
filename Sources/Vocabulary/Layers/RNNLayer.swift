/// `rnn(width, …)`: `torch.nn.RNN` on [steps, features], parameters as PyTorch's.
package enum RNNLayer: LayerWord {
  package static let name = "rnn"
  package static let documentation =
    "A state that is carried along the steps, each a weighted sum through tanh or relu."
  package static let schema =
    recurrentSchema + [.optional("activation", .choice(["tanh", "relu"]), "tanh", namedOnly: true)]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    try recurrentLayer(arguments.text("activation") == "relu" ? .relu : .tanh, input, arguments, site)
  }
}
