/// What a convolution, or the gradient of its weights, does to the numbers of its input as it loads them: the batch normalisation that
/// stands before it, whose result then exists nowhere in memory.
///
/// Its operands are two vectors of channels, padded to whole vectors: `scale` and `shift` of `x * scale + shift`, as PyTorch's kernels
/// compute it as well. Where padding is zero, it is so beside what is normalised.
package enum InputNormalization: UInt8, Sendable, Hashable {
  case none
  case linear
  /// And then ReLU.
  case rectified

  package var operandCount: Int { self == .none ? 0 : 2 }
}
