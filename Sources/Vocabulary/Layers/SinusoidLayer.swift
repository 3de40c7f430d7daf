import Ops

/// `sinusoid`: the positions of "Attention is all you need", added to [places, features].
package enum SinusoidLayer: LayerWord {
  package static let name = "sinusoid"
  package static let documentation = "Adds sines and cosines that tell where in a sequence a place stands."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = []

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    site.fallback = input.type
    try expectSequence(input)
    return try site.add(AddSinusoid(), [input.value])
  }
}
