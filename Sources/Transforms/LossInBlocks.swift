import Graphs
import Ops

extension Pass {
  /// Computes a large linear layer with the cross-entropy of its scores, both ways, in blocks of rows, so that the scores of all rows never
  /// exist. See `LinearCrossEntropy`.
  /// - Parameter floats: how many scores may exist.
  package static func lossInBlocks(floats: Int = LinearCrossEntropy.blockFloats) -> Pass {
    Pass("loss-in-blocks", "compute large scores and their cross-entropy in blocks of rows") { graph in
      var graph = graph
      let users = graph.users
      var isChanged = false
      for id in graph.nodes.indices {
        guard let match = LinearCrossEntropy.match(id, in: graph, users: users, floats: floats),
          let type = try? match.op.resultType(match.operands.map { graph[$0].type })
        else { continue }
        isChanged = true
        let whole = Value(id: graph.nodes.count)
        graph.nodes.append(
          Node(kind: .op(match.op), operands: match.operands, type: type, origin: graph.nodes[id].origin))
        for (node, part) in match.parts {
          graph.nodes[node].kind = .op(part)
          graph.nodes[node].operands = [whole]
        }
      }
      return isChanged ? Pass.deadNodes.run(graph.reordered(graph.orderOfUse)) : graph
    }
  }
}

extension Graph {
  /// All nodes, each behind its operands and else in the present order.
  fileprivate var orderOfUse: [Int] {
    var order: [Int] = []
    var isPlaced = [Bool](repeating: false, count: nodes.count)
    for id in nodes.indices {
      var open = [id]
      while let next = open.last {
        let missing = isPlaced[next] ? [] : nodes[next].operands.map(\.id).filter { !isPlaced[$0] }
        if missing.isEmpty {
          open.removeLast()
          if !isPlaced[next] { order.append(next) }
          isPlaced[next] = true
        } else {
          open += missing
        }
      }
    }
    return order
  }
}
