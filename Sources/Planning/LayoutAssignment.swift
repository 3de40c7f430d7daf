import Graphs
import Ops

/// How every value lies in memory, and how each op wants its operands.
struct LayoutAssignment {
  struct Conversion: Hashable {
    var value: Value
    var layout: Layout
  }
  var layouts: [Layout]
  /// For each node, the layouts that its op asked for.
  var demanded: [[Layout]]
}

/// Asks the ops in order. A value that has no place yet (a variable, a constant) takes the first layout that is asked for.
func assignLayouts(
  _ graph: Graph, placement: VariablePlacement, byteValues: [String: ByteValues]
) throws(PlanningError) -> LayoutAssignment {
  var layouts = [Layout?](repeating: nil, count: graph.nodes.count)
  var demanded = [[Layout]](repeating: [], count: graph.nodes.count)
  let users = graph.users
  for (id, node) in graph.nodes.enumerated() {
    switch node.kind {
    case .feed(let feed):
      let bytes = byteValues[feed.name].map { Layout.givenBytes(node.type, $0) } ?? []
      layouts[id] = bytes.first { suits($0, Value(id: id), graph, users, placement) } ?? .given(node.type)
    case .variable(let variable): layouts[id] = placement.layouts[variable.name]
    case .constant: break
    case .op(let op):
      guard let executable = op as? any Executable else {
        throw PlanningError(origin: node.origin, op: op.name, reason: "no kernel computes it yet")
      }
      for position in executable.indifferentOperands {
        let operand = node.operands[position]
        guard layouts[operand.id] == nil else { continue }
        layouts[operand.id] = layout(of: operand, wantedBy: users[operand.id], graph, layouts)
      }
      let operands = node.operands.map { PlacedType(type: graph[$0].type, layout: layouts[$0.id]) }
      let decision = executable.layouts(operands, result: node.type)
      for (operand, layout) in zip(node.operands, decision.operands) where layouts[operand.id] == nil {
        layouts[operand.id] = layout
      }
      demanded[id] = decision.operands
      // What an update returns is the variable in its place.
      layouts[id] = op.returnsMutated ? decision.operands[op.mutatedOperands[0]] : decision.result
    }
  }
  return LayoutAssignment(
    layouts: layouts.enumerated().map { $1 ?? .computed(graph.nodes[$0].type) }, demanded: demanded)
}

/// Whether everybody who reads a value takes it as bytes in that layout.
private func suits(
  _ layout: Layout, _ value: Value, _ graph: Graph, _ users: [[Int]], _ placement: VariablePlacement
) -> Bool {
  guard !graph.outputs.contains(where: { $0.value == value }) else { return false }
  return !users[value.id].isEmpty
    && users[value.id].allSatisfy { user in
      let node = graph.nodes[user]
      guard let op = node.op as? any Executable else { return false }
      if case .bytes = layout, node.operands.count == 1, op.passesBytes(graph[value].type, to: node.type) {
        return suits(layout, Value(id: user), graph, users, placement)
      }
      let types = node.operands.map { graph[$0].type }
      return node.operands.indices.allSatisfy { position in
        if node.operands[position] == value { return op.acceptsBytes(layout, at: position, types) }
        // The weights that it is multiplied by must not stand in another order already.
        guard case .bytes(_, let order) = layout,
          case .variable(let variable) = graph[node.operands[position]].kind,
          case .linearPanels(let placed)? = placement.layouts[variable.name]
        else { return true }
        return placed == order
      }
    }
}

/// The layout that the first reader with a wish has for a value without a place; nil when there is none.
private func layout(of value: Value, wantedBy users: [Int], _ graph: Graph, _ layouts: [Layout?]) -> Layout? {
  for user in users {
    let node = graph.nodes[user]
    guard let op = node.op as? any Executable, op.mutatedOperands.isEmpty,
      let position = node.operands.firstIndex(of: value), !op.indifferentOperands.contains(position)
    else { continue }
    let operands = node.operands.map { PlacedType(type: graph[$0].type, layout: layouts[$0.id]) }
    return op.layouts(operands, result: node.type).operands[position]
  }
  return nil
}
