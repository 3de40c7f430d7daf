/// Why operands do not fit an op: a fact, to be told in the user's words by the stage that knows them.
/// Axes are those of the graph's tensors, so axis 0 is the batch where there is one.
package enum ShapeError: Error, Hashable, Sendable {
  case operandCount(expected: Int, found: Int)
  case rank(operand: Int, expected: ClosedRange<Int>, found: Int)
  case element(operand: Int, expected: Element, found: Element)
  /// Operand `operand` must have `expected` in `axis`.
  case dimensionMismatch(operand: Int, axis: Int, expected: Int, found: Int)
  case shapesDiffer(TensorType, TensorType)
  /// A window of `window` positions does not fit the `extent` positions (padding included) of `axis`.
  case windowTooLarge(axis: Int, window: Int, extent: Int)
  case notDivisible(what: String, value: Int, by: Int)
  /// A count of elements must be kept.
  case countMismatch(expected: Int, found: Int)
  case tooLarge(shape: [Int])
  /// An attribute of the op itself makes no sense, whatever the operands.
  case attribute(name: String, reason: String)
}
