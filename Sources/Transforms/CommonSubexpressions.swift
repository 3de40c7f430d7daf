import Graphs

extension Pass {
  /// Computes equal ops on equal operands once.
  package static let commonSubexpressions = Pass("common-subexpressions", "compute equal things once") { graph in
    struct Key: Hashable {
      var op: AnyHashable
      var operands: [Value]
    }
    var seen: [Key: Int] = [:]
    var replaced = Array(graph.nodes.indices)
    var result = graph
    for id in graph.nodes.indices {
      result.nodes[id].operands = graph.nodes[id].operands.map { Value(id: replaced[$0.id]) }
      guard case .op(let op) = graph.nodes[id].kind, op.mutatedOperands.isEmpty else { continue }
      let key = Key(op: AnyHashable(op), operands: result.nodes[id].operands)
      if let first = seen[key] { replaced[id] = first } else { seen[key] = id }
    }
    for index in result.outputs.indices {
      result.outputs[index].value = Value(id: replaced[result.outputs[index].value.id])
    }
    return result.reordered(result.nodes.indices.filter { replaced[$0] == $0 })
  }
}
