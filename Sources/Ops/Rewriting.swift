import Graphs

/// A change of a graph: ops that are added, and nodes that compute the same as before in another way.
package struct Rewriting {
  package typealias Change = (node: Int, op: any Op, operands: [Value])

  /// What is added as the graph's next nodes, so that `Value(id: graph.nodes.count)` is the result of the first.
  package var added: [(op: any Op, operands: [Value])]
  package var origin: Origin
  package var nodes: [Change]

  init(added: [(op: any Op, operands: [Value])], origin: Origin, nodes: [Change]) {
    self.added = added
    self.origin = origin
    self.nodes = nodes
  }

  /// A single op is added.
  init(op: any Op, operands: [Value], origin: Origin, nodes: [Change]) {
    self.init(added: [(op, operands)], origin: origin, nodes: nodes)
  }

  /// Nodes become parts of the op's result, a list.
  init(_ graph: Graph, op: any Op, operands: [Value], origin: Origin, parts: [(node: Int, part: Unpack)]) {
    let list = Value(id: graph.nodes.count)
    self.init(op: op, operands: operands, origin: origin, nodes: parts.map { ($0.node, $0.part, [list]) })
  }
}

extension Graph {
  func isOutput(_ value: Value) -> Bool { outputs.contains { $0.value == value } }
}

extension TensorType {
  /// A list of tensors of these shapes.
  static func list(_ shapes: [[Int]]) throws(ShapeError) -> TensorType {
    var count = 0
    for shape in shapes {
      guard let own = TensorType(.float32, shape).checkedCount, count + own <= TensorType.largestCount else {
        throw .tooLarge(shape: shape)
      }
      count += own
    }
    return TensorType(.float32, [count])
  }
}
