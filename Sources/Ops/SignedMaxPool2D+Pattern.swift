import Graphs

extension SignedMaxPool2D {
  /// The max pool of a batch normalisation, with or without ReLU, and its way back: what to compute instead. Nil where something else reads
  /// what is normalised.
  /// - Parameter users: those of the graph.
  package static func match(_ node: Int, in graph: Graph, users: [[Int]]) -> Rewriting? {
    guard let pool = graph.nodes[node].op as? MaxPool2D else { return nil }
    let normalised = graph.nodes[node].operands[0]
    guard let normalisation = graph[normalised].op as? BatchNormalize, !normalisation.epilogue.residual,
      !graph.isOutput(normalised)
    else { return nil }
    // x, mean, variance, gamma, beta.
    let operands = graph[normalised].operands
    let chosen = Value(id: graph.nodes.count)
    var nodes: [Rewriting.Change] = [
      (node, normalisation, [chosen] + operands.dropFirst())
    ]
    let others = users[normalised.id].filter { $0 != node }
    if let gradient = others.first {
      guard others.count == 1, (graph.nodes[gradient].op as? MaxPool2DGradient)?.window == pool.window,
        graph.nodes[gradient].operands.dropFirst() == [normalised, Value(id: node)],
        let changes = changes(gradient, chosen, operands, pool.window, graph, users)
      else { return nil }
      nodes += changes
    }
    return Rewriting(
      op: Self(window: pool.window), operands: [operands[0], operands[3]], origin: graph.nodes[node].origin,
      nodes: nodes)
  }

  /// What becomes of the readers of a max pool's gradient: the sums of a batch normalisation's gradient are sums over what was chosen.
  private static func changes(
    _ gradient: Int, _ chosen: Value, _ operands: [Value], _ window: Window2D, _ graph: Graph, _ users: [[Int]]
  ) -> [Rewriting.Change]? {
    let upstream = graph.nodes[gradient].operands[0]
    let spread = Value(id: gradient)
    guard !graph.isOutput(spread) else { return nil }
    var changes: [Rewriting.Change] = []
    for user in users[gradient] {
      let node = graph.nodes[user]
      switch node.op {
      case let sums as BatchNormalizeGradientSums where node.operands == [spread] + operands[..<3]:
        changes.append((user, sums, [upstream, chosen, operands[1], operands[2]]))
      case let data as BatchNormalizeDataGradient where Array(node.operands.prefix(5)) == [spread] + operands[..<4]:
        let op = PooledBatchNormalizeDataGradient(window: window, epsilon: data.epsilon)
        changes.append((user, op, [upstream, operands[0], chosen] + node.operands.dropFirst(2)))
      default: return nil
      }
    }
    return changes
  }
}
