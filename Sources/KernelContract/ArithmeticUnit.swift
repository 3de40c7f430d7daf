/// What multiplies the numbers of a machine: it decides which kernels a plan is made of.
package enum ArithmeticUnit: Sendable {
  /// Vectors of floats.
  case vectors
  /// Also tiles of bfloat16, see `TileProductParameters`.
  case tiles
}
