import Graphs
import Ops

extension Pass {
  /// Makes both gradients of a large linear layer with few rows, and its update, in one pass over the weights. See `LinearGradients`.
  /// - Parameter weights: how many a large layer has at least; others stay in a cache from one gradient to the next.
  package static func linearGradientsTogether(weights: Int = LinearGradients.leastWeights) -> Pass {
    Pass("linear-gradients-together", "read large weights once for both gradients and their update") { graph in
      var graph = graph
      let users = graph.users
      var isChanged = false
      for id in graph.nodes.indices {
        guard let match = LinearGradients.match(id, in: graph, users: users, weights: weights) else { continue }
        isChanged = true
        graph.nodes[match.node].kind = .op(match.op)
        graph.nodes[match.node].operands = match.operands
        graph.nodes[id].kind = .constant(0)
        graph.nodes[id].operands = []
      }
      return isChanged ? graph.reordered(graph.orderOfUse) : graph
    }
  }
}
