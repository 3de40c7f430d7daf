import Graphs
import Ops

/// `layer_norm`: `torch.nn.LayerNorm` on the last axis.
package enum LayerNormLayer: LayerWord {
  package static let name = "layer_norm"
  package static let documentation =
    "Each row of the last axis with mean 0 and deviation 1, then scaled and shifted by trained weights."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = [.optional("eps", .number(.positive), "1e-5", namedOnly: true)]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    try normalizedRows(input, RowNormalize(isCentered: true, epsilon: arguments.number("eps", else: 1e-5)), site)
  }
}

/// The rows of the last axis normalised and scaled by a new weight, shifted too if the op centres them.
func normalizedRows(_ input: Tensor, _ op: RowNormalize, _ site: LayerSite) throws(WordError) -> Tensor {
  site.fallback = input.type
  guard let width = input.type.shape.last else {
    throw .rank(expected: [1, 2, 3], found: input.type, form: "[…, features]")
  }
  guard input.type.element == .float32 else { throw .element(expected: "f32", found: input.type) }
  let fans = WeightFans(fanIn: 1, fanOut: 1)
  var operands = [input.value, try site.parameter("weight", [width], fans: fans, initializer: .constant(1))]
  if op.isCentered { operands.append(try site.parameter("bias", [width], fans: fans, initializer: .constant(0))) }
  return try site.add(op, operands)
}
