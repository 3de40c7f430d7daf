import Graphs
import Ops

extension Graph {
  /// The graph with what is found for each of its nodes.
  /// - Parameter match: what to compute instead of a node and others, if anything; it is given the graph's users, too.
  func rewritten(_ match: (_ node: Int, _ graph: Graph, _ users: [[Int]]) -> Rewriting?) -> Graph {
    var graph = self
    let users = users
    var isChanged = false
    for id in nodes.indices {
      guard let match = match(id, graph, users), graph.append(match.added, match.origin) else { continue }
      isChanged = true
      for (node, op, operands) in match.nodes {
        graph.nodes[node].kind = .op(op)
        graph.nodes[node].operands = operands
      }
    }
    return isChanged ? Pass.deadNodes.run(graph.reordered(graph.orderOfUse)) : graph
  }

  /// Appends ops, each of which may read those before it; nothing if the operands of one do not fit.
  private mutating func append(_ added: [(op: any Op, operands: [Value])], _ origin: Origin) -> Bool {
    let count = nodes.count
    for (op, operands) in added {
      guard let type = try? op.resultType(operands.map { self[$0].type }) else {
        nodes.removeSubrange(count...)
        return false
      }
      nodes.append(Node(kind: .op(op), operands: operands, type: type, origin: origin))
    }
    return true
  }

  /// All nodes, each behind its operands and else in the present order.
  var orderOfUse: [Int] {
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
