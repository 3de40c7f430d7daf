import Ops

/// `relu6`: `torch.nn.ReLU6`; at exactly 6 the slope is 1, where PyTorch's is 0.
package enum ReLU6Layer: LayerWord {
  package static let name = "relu6"
  package static let documentation = "x held between 0 and 6."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = []

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    // Two ops, because a layer before takes in the first one.
    try elementwise(Clip(low: -.infinity, high: 6), try elementwise(ReLU(), input, site), site)
  }
}
