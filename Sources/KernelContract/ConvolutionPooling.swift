/// What a pass of a convolution has to do with the maxima of disjoint 2x2 windows of the convolution's output: then only the maxima exist
/// in memory. A tile of Winograd's algorithms has whole windows; the direct convolution computes pairs of rows in scratch.
///
/// The place of a maximum in its window is a byte: 0 and 1 in the row above, 2 and 3 below; the first of equal ones, or of those that are
/// not numbers. Places lie like the maxima, `[images][height / 2][width / 2][stride]`, bytes instead of floats.
package enum ConvolutionPooling: UInt8, Sendable, Hashable {
  case none
  /// The result are the maxima: of the sums, before an activation, which must not decrease.
  case maxima
  /// The same, and an additional operand behind those of the epilogue receives their places.
  case recordedMaxima
  /// The gradient that is read is that of the maxima: it counts at the place of each, and elsewhere it is zero. The places are an
  /// additional operand behind those of the epilogue.
  case spreadGradient

  /// Whether there are places.
  package var hasPlaces: Bool { self == .recordedMaxima || self == .spreadGradient }
  /// Whether the result are maxima.
  package var storesMaxima: Bool { self == .maxima || self == .recordedMaxima }
}
