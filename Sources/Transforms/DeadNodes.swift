import Graphs

extension Pass {
  /// Drops nodes that neither an output nor an update needs. Inputs and variables stay: they are the graph's interface.
  package static let deadNodes = Pass("dead-nodes", "drop what nothing needs") { graph in
    var alive = [Bool](repeating: false, count: graph.nodes.count)
    for output in graph.outputs { alive[output.value.id] = true }
    for id in graph.nodes.indices.reversed() {
      let node = graph.nodes[id]
      switch node.kind {
      case .feed(let feed): if feed.role == .input || feed.role == .target { alive[id] = true }
      case .variable: alive[id] = true
      case .constant: break
      case .op(let op): if !op.mutatedOperands.isEmpty { alive[id] = true }
      }
      if alive[id] { for operand in node.operands { alive[operand.id] = true } }
    }
    return graph.reordered(graph.nodes.indices.filter { alive[$0] })
  }
}
