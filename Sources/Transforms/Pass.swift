import Graphs

/// A step from graph to graph: a value, so that a pipeline can be printed, timed and cut short.
package struct Pass: Sendable {
  package let name: String
  package let summary: String
  package let run: @Sendable (Graph) -> Graph

  package init(_ name: String, _ summary: String, _ run: @escaping @Sendable (Graph) -> Graph) {
    self.name = name
    self.summary = summary
    self.run = run
  }

  /// What happens to every graph between differentiation and planning, in order.
  package static let pipeline = [
    deadNodes, commonSubexpressions, lossInBlocks(), fusion, poolingFirst, sumsInConvolutions(),
    linearGradientsTogether(), deadNodes, maxPoolInEpilogue,
    normalizedLoads(), schedule,
  ]
}

/// A pass left a graph that its verifier rejects: a bug of that pass.
package struct BrokenGraph: Error, Sendable {
  package var pass: String
  package var problems: [String]
}

extension [Pass] {
  /// Runs the passes in order and verifies the graph after each.
  /// - Parameter observe: sees the graph after each pass.
  package func run(on graph: Graph, observe: (Pass, Graph) -> Void = { _, _ in }) throws(BrokenGraph) -> Graph {
    var graph = graph
    for pass in self {
      graph = pass.run(graph)
      let problems = graph.verify()
      guard problems.isEmpty else { throw BrokenGraph(pass: pass.name, problems: problems) }
      observe(pass, graph)
    }
    return graph
  }
}

extension Graph {
  /// The graph with only the nodes in `order`, in that order; operands and outputs are renamed.
  /// - Parameter order: contains each node that is read before its readers.
  func reordered(_ order: [Int]) -> Graph {
    var renamed = [Int](repeating: -1, count: nodes.count)
    var result = Graph()
    result.nodes.reserveCapacity(order.count)
    for id in order {
      var node = nodes[id]
      node.operands = node.operands.map { Value(id: renamed[$0.id]) }
      renamed[id] = result.nodes.count
      result.nodes.append(node)
    }
    result.outputs = outputs.map { Output(name: $0.name, value: Value(id: renamed[$0.value.id])) }
    return result
  }
}
