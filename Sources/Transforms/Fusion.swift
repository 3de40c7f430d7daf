import Graphs

extension Pass {
  /// Lets each op take in its consumer where it can compute both in one go: bias, residual and activation into the
  /// contraction before them, an update into the producer of its gradient, chains of elementwise ops into one. Which op
  /// takes in which is the ops' own knowledge (`Op.absorbing`).
  package static let fusion = Pass("fusion", "compute producer and consumer in one go") { graph in
    var graph = graph
    var users = graph.users
    var isOutput = [Bool](repeating: false, count: graph.nodes.count)
    for output in graph.outputs { isOutput[output.value.id] = true }
    for id in graph.nodes.indices {
      guard case .op(let producer) = graph.nodes[id].kind, !isOutput[id] else { continue }
      guard users[id].count == 1, let user = users[id].first, case .op(let consumer) = graph.nodes[user].kind
      else { continue }
      let operands = graph.nodes[user].operands
      guard operands.count(where: { $0.id == id }) == 1, let position = operands.firstIndex(where: { $0.id == id })
      else { continue }
      let types = FusionTypes(
        producerOperands: graph.nodes[id].operands.map { graph[$0].type }, producerResult: graph.nodes[id].type,
        consumerOperands: operands.map { graph[$0].type }, consumerResult: graph.nodes[user].type)
      guard let absorbed = producer.absorbing(consumer, at: position, types: types) else { continue }
      // The fused node stands where the consumer stood: everything that both read is computed by then. A later
      // iteration meets it as a producer.
      graph.nodes[user].kind = .op(absorbed.op)
      graph.nodes[user].operands = graph.nodes[id].operands + absorbed.appendedOperands.map { operands[$0] }
      graph.nodes[user].origin = graph.nodes[id].origin
      for operand in graph.nodes[id].operands {
        users[operand.id] = Array(Set(users[operand.id].filter { $0 != id } + [user])).sorted()
      }
      users[id] = []
      graph.nodes[id].kind = .constant(0)
      graph.nodes[id].operands = []
    }
    return graph
  }
}
