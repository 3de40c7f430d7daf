/// What a contraction kernel does to a tile of its result before it leaves the cache, in this order:
/// add the bias, add the residual, apply the activation, apply the mask.
///
/// The operands are appended to the kernel's own in the same order, each only if its flag is set:
/// `bias` (one float per output column, padded to whole vectors), `residual` (laid out like the result),
/// those of the mask (laid out like the result, then vectors like the bias).
package struct Epilogue: Sendable, Hashable {
  package enum Activation: UInt8, Sendable, Hashable {
    case none, relu, sigmoid, tanh
  }

  /// The gradient of ReLU: multiply by `y > 0` (as 0 or 1).
  package enum Mask: UInt8, Sendable, Hashable {
    case none
    /// `y` is the operand.
    case values
    /// `y` is what `InputNormalization` makes of the first operand, with its two vectors for further ones.
    case normalizedValues

    package var operandCount: Int {
      switch self {
      case .none: 0
      case .values: 1
      case .normalizedValues: 1 + InputNormalization.linear.operandCount
      }
    }
  }

  package var bias: Bool
  package var residual: Bool
  package var activation: Activation
  package var mask: Mask

  package init(bias: Bool = false, residual: Bool = false, activation: Activation = .none, mask: Mask = .none) {
    self.bias = bias
    self.residual = residual
    self.activation = activation
    self.mask = mask
  }

  /// Whether the result is stored as the contraction gives it.
  package var isEmpty: Bool { self == Epilogue() }
  /// How many operands it appends to the kernel's own.
  package var operandCount: Int { (bias ? 1 : 0) + (residual ? 1 : 0) + mask.operandCount }
}
