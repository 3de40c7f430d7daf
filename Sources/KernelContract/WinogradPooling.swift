/// What a call by a Winograd algorithm has to do with the maxima of disjoint 2x2 windows of the convolution's output, of which a tile
/// has whole ones: then only the maxima exist in memory.
///
/// The place of a maximum in its window is a byte: 0 and 1 in the row above, 2 and 3 below; the first of equal ones. Places lie like
/// the maxima, `[images][height / 2][width / 2][stride]`, bytes instead of floats.
package enum WinogradPooling: UInt8, Sendable, Hashable {
  case none
  /// The result are the maxima: of the sums, before an activation, which must not decrease.
  case maxima
  /// The same, and an additional last operand receives their places.
  case recordedMaxima
  /// The gradient that is read is that of the maxima: it counts at the place of each, and elsewhere it is zero. The places are an
  /// additional last operand.
  case spreadGradient

  /// Whether there are places.
  package var hasPlaces: Bool { self == .recordedMaxima || self == .spreadGradient }
}
