import Graphs
import Ops

extension Pass {
  /// Pools a convolution's output by 2x2 windows before it is stored, and gives the gradients the maxima with their places to read. See
  /// `Conv2DMaxPool`.
  package static let maxPoolInEpilogue = Pass("max-pool-in-epilogue", "store the maxima of convolutions alone") {
    graph in
    graph.rewritten(Conv2DMaxPool.match)
  }
}
