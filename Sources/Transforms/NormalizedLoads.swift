import Graphs
import Ops

extension Pass {
  /// Leaves a batch normalisation, with or without ReLU, to the convolution behind it, which computes it as it loads what it reads: the
  /// normalised tensor itself never exists. See `NormalizedLoads`.
  /// - Parameter floats: how many numbers a tensor has at least that is normalised so.
  package static func normalizedLoads(floats: Int = NormalizedLoads.leastFloats) -> Pass {
    Pass("normalized-loads", "normalise what a convolution reads as it loads it") { graph in
      graph.rewritten { NormalizedLoads.match($0, in: $1, users: $2, floats: floats) }
    }
  }
}
