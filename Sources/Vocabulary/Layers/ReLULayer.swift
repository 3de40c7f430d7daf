import Graphs
import Ops

/// `relu`, elementwise.
package enum ReLULayer: LayerWord {
  package static let name = "relu"
  package static let documentation = "max(x, 0): negative values become 0."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = []

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    try elementwise(ReLU(), input, site)
  }
}

/// The common way of the layers that treat every number alike.
func elementwise(_ op: any Op, _ input: Tensor, _ site: LayerSite) throws(WordError) -> Tensor {
  site.fallback = input.type
  guard input.type.element == .float32 else { throw .element(expected: "f32", found: input.type) }
  return try site.add(op, [input.value])
}
