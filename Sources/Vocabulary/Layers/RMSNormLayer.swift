import Ops

/// `rms_norm(eps=1e-6)`: `torch.nn.RMSNorm` on the last axis.
package enum RMSNormLayer: LayerWord {
  package static let name = "rms_norm"
  package static let documentation =
    "Each row of the last axis divided by its root mean square, then scaled by trained weights."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = [.optional("eps", .number(.positive), "1e-6")]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    try normalizedRows(input, RowNormalize(isCentered: false, epsilon: arguments.number("eps", else: 1e-6)), site)
  }
}
