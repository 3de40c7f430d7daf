import Graphs
import Ops

extension Pass {
  /// Computes a large linear layer with the cross-entropy of its scores, both ways, in blocks of rows, so that the scores of all rows never
  /// exist. See `LinearCrossEntropy`.
  /// - Parameter floats: how many scores may exist.
  package static func lossInBlocks(floats: Int = LinearCrossEntropy.blockFloats) -> Pass {
    Pass("loss-in-blocks", "compute large scores and their cross-entropy in blocks of rows") { graph in
      graph.rewritten { LinearCrossEntropy.match($0, in: $1, users: $2, floats: floats) }
    }
  }
}
