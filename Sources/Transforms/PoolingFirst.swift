import Graphs
import Ops

extension Pass {
  /// Pools before it normalises: a batch normalisation, with or without ReLU, keeps or reverses the order of each channel's numbers, so what it
  /// makes the greatest is found before it is computed, and only that is. See `SignedMaxPool2D`.
  package static let poolingFirst = Pass(
    "pooling-first", "normalise only what a max pool chooses"
  ) { graph in graph.rewritten(SignedMaxPool2D.match) }
}
