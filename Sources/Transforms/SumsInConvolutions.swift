import Graphs
import Ops

extension Pass {
  /// Takes the statistics of a batch normalisation, and the sums of its gradient, of a convolution's result while that is in the cache. See
  /// `Conv2DStatistics` and `Conv2DDataGradientSums`.
  /// - Parameter floats: how many numbers a gradient has at least that sums are taken of.
  package static func sumsInConvolutions(floats: Int = Conv2DDataGradientSums.leastFloats) -> Pass {
    Pass("sums-in-convolutions", "take the sums of a batch normalisation where a convolution stores what they are of") {
      graph in
      graph.rewritten(Conv2DStatistics.match)
        .rewritten { Conv2DDataGradientSums.match($0, in: $1, users: $2, floats: floats) }
    }
  }
}
