import Ops

/// `shift_right(start)`: what a decoder reads when it is taught: the target one place later.
package enum ShiftRightLayer: LayerWord {
  package static let name = "shift_right"
  package static let documentation = "A sequence of indices moved one place to the right, with `start` in the first."
  package static let keepsShape = true
  package static let schema: [ArgumentSchema] = [ArgumentSchema("start", .whole(atLeast: 0))]

  package static func expand(_ input: Tensor, _ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Tensor {
    site.fallback = input.type
    guard case .index(let count) = input.type.element else { throw .element(expected: "index(…)", found: input.type) }
    guard input.type.rank >= 1 else { throw .rank(expected: [1], found: input.type, form: "index(…)[places]") }
    let start = arguments.whole("start", else: 0)
    if start >= count { throw .argument("start", reason: "must be below \(count), as \(input.type) has it") }
    return Tensor(value: try site.addScalar(ShiftRight(start: start), [input.value]), type: input.type)
  }
}
