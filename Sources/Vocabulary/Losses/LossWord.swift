import Graphs
import Ops

/// A loss: one number for a batch, the mean over its examples.
package protocol LossWord: Word {
  /// The names of the arguments that a bare metric reads too: what the net says, and what is true.
  static var compared: (prediction: String, target: String) { get }

  /// Adds the loss to the graph of `site`; the result is a scalar without a batch.
  static func expand(_ arguments: Arguments, _ site: LayerSite) throws(WordError) -> Value
}

/// The two tensors that a loss or metric compares number by number.
func comparedPair(_ arguments: Arguments, _ first: String, _ second: String) throws(WordError) -> (Tensor, Tensor) {
  guard let a = arguments.tensor(first) else { throw .argument(first, reason: "must be a tensor") }
  guard let b = arguments.tensor(second) else { throw .argument(second, reason: "must be a tensor") }
  return (a, b)
}

/// The mean over everything of an op on the difference of two tensors: of its square, of its absolute value.
func meanDifference(_ a: Tensor, _ b: Tensor, _ op: any Op, _ site: LayerSite) throws(WordError) -> Value {
  let difference = try difference(a, b, site)
  return try site.addScalar(MeanAll(), [try site.addScalar(op, [difference])])
}

/// The difference of two tensors of numbers.
func difference(_ a: Tensor, _ b: Tensor, _ site: LayerSite) throws(WordError) -> Value {
  for tensor in [a, b] where tensor.type.element != .float32 { throw .element(expected: "f32", found: tensor.type) }
  guard a.type == b.type else { throw .typesDiffer("prediction", a.type, "target", b.type) }
  return try site.addScalar(Subtract(), [a.value, b.value])
}
