import Graphs

extension Pass {
  /// Moves each update to the earliest place where its operands are ready and everybody else who reads the variable it
  /// overwrites has done so: gradients then live shortly. The other nodes keep their order.
  package static let schedule = Pass("schedule", "update each variable as soon as its gradient allows") { graph in
    let users = graph.users
    var waiting = [Int](repeating: 0, count: graph.nodes.count)
    var unblocks = [[Int]](repeating: [], count: graph.nodes.count)
    for (id, node) in graph.nodes.enumerated() {
      var before = Set(node.operands.map(\.id))
      if case .op(let op) = node.kind {
        for position in op.mutatedOperands { before.formUnion(users[node.operands[position].id]) }
      }
      before.remove(id)
      // Of two updates of one variable the earlier one stays first.
      before = before.filter { $0 < id || graph.nodes[$0].op?.mutatedOperands.isEmpty != false }
      waiting[id] = before.count
      for other in before { unblocks[other].append(id) }
    }
    var order: [Int] = []
    var emitted = [Bool](repeating: false, count: graph.nodes.count)
    func emit(_ id: Int) {
      emitted[id] = true
      order.append(id)
      for next in unblocks[id] {
        waiting[next] -= 1
        guard waiting[next] == 0, case .op(let op) = graph.nodes[next].kind, !op.mutatedOperands.isEmpty else {
          continue
        }
        emit(next)
      }
    }
    // What is given stands first, lest an update waits for a learning rate that is known all along.
    for id in graph.nodes.indices where graph.nodes[id].op == nil { emit(id) }
    for id in graph.nodes.indices where !emitted[id] {
      // A node in the way has already been emitted, unless it is an update that waits for a later reader.
      if waiting[id] == 0 { emit(id) }
    }
    // Whatever an update held back follows in order; a graph that verifies has none left after this.
    var progressed = true
    while order.count < graph.nodes.count && progressed {
      progressed = false
      for id in graph.nodes.indices where !emitted[id] && waiting[id] == 0 {
        emit(id)
        progressed = true
      }
    }
    return order.count == graph.nodes.count ? graph.reordered(order) : graph
  }
}
