import Graphs

/// A change of a graph: an op that is added, and nodes that compute the same as before in another way.
package struct Rewriting {
  package typealias Change = (node: Int, op: any Op, operands: [Value])

  /// The op that is added as the graph's next node, so that `Value(id: graph.nodes.count)` is its result.
  package var op: any Op
  package var operands: [Value]
  package var origin: Origin
  package var nodes: [Change]

  init(op: any Op, operands: [Value], origin: Origin, nodes: [Change]) {
    self.op = op
    self.operands = operands
    self.origin = origin
    self.nodes = nodes
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
