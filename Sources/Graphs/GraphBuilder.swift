/// Appends nodes to a graph, each checked by its op's type rule.
package struct GraphBuilder {
  package private(set) var graph: Graph
  /// Where the nodes added next come from.
  package var origin = Origin()
  /// Nodes that were added once and serve every later request for the same thing.
  private var constants: [ConstantKey: Value] = [:]
  private var feeds: [Feed: Value] = [:]

  private struct ConstantKey: Hashable {
    var value: Double
    var type: TensorType
  }

  package init(_ graph: Graph = Graph()) {
    self.graph = graph
    for (id, node) in graph.nodes.enumerated() {
      if case .feed(let feed) = node.kind { feeds[feed] = Value(id: id) }
    }
  }

  package func type(of value: Value) -> TensorType { graph[value].type }

  /// The result of `op` on `operands`.
  package mutating func add(_ op: any Op, _ operands: [Value]) throws(ShapeError) -> Value {
    let type = try op.resultType(operands.map { graph[$0].type })
    return try append(.op(op), operands, type)
  }

  /// A further tensor that every step is given. A second request for the same name and role gives
  /// the same node.
  package mutating func feed(_ name: String, role: Feed.Role, type: TensorType) throws(ShapeError) -> Value {
    let feed = Feed(name: name, role: role)
    if let known = feeds[feed] { return known }
    let value = try append(.feed(feed), [], type)
    feeds[feed] = value
    return value
  }

  package mutating func variable(
    _ variable: Variable, shape: [Int], element: Element = .float32
  ) throws(ShapeError) -> Value {
    try append(.variable(variable), [], TensorType(element, shape))
  }

  package mutating func constant(_ value: Double, type: TensorType) throws(ShapeError) -> Value {
    let key = ConstantKey(value: value, type: type)
    if let known = constants[key] { return known }
    let result = try append(.constant(value), [], type)
    constants[key] = result
    return result
  }

  package mutating func output(_ name: String, _ value: Value) {
    graph.outputs.append(Graph.Output(name: name, value: value))
  }

  private mutating func append(_ kind: Node.Kind, _ operands: [Value], _ type: TensorType) throws(ShapeError) -> Value {
    guard type.checkedCount != nil else { throw .tooLarge(shape: type.shape) }
    graph.nodes.append(Node(kind: kind, operands: operands, type: type, origin: origin))
    return Value(id: graph.nodes.count - 1)
  }
}
