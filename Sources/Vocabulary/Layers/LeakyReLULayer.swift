import Ops

/// `leaky_relu(slope)`: `torch.nn.LeakyReLU`.
package enum LeakyReLULayer: LayerWord {
  package static let name = "leaky_relu"
  package static let documentation = "x where it is positive, else slope * x."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = [.optional("slope", .number(.notNegative), "0.01")]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    try elementwise(LeakyReLU(slope: arguments.number("slope", else: 0.01)), input, site)
  }
}
