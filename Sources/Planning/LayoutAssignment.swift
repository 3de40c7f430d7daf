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
  /// What a reader of the plan should know of its inputs.
  var remarks: [String] = []
}

/// The numbers of an input, at least, that a remark is worth which are fed as floats and could be bytes.
private let remarkableCount = 1 << 18

/// Asks the ops in order. A value that has no place yet (a variable, a constant) takes the first layout that is asked for.
func assignLayouts(
  _ graph: Graph, placement: VariablePlacement, byteValues: [String: ByteValues]
) throws(PlanningError) -> LayoutAssignment {
  var layouts = [Layout?](repeating: nil, count: graph.nodes.count)
  var demanded = [[Layout]](repeating: [], count: graph.nodes.count)
  var remarks: [String] = []
  let users = graph.users
  for (id, node) in graph.nodes.enumerated() {
    switch node.kind {
    case .feed(let feed):
      let bytes = byteValues[feed.name].map { Layout.givenBytes(node.type, $0) } ?? []
      let suitable = bytes.first { suits($0, Value(id: id), graph, users, placement) }
      layouts[id] = suitable ?? .given(node.type)
      if suitable == nil, byteValues[feed.name] != nil, node.type.count >= remarkableCount {
        let reader = readerOfNone(of: bytes, Value(id: id), graph, users, placement).map { graph.nodes[$0] }
        remarks.append(
          "\(feed.name): its data are bytes, but are fed as floats: "
            + (reader.map { "\($0.op?.name ?? "") (line \($0.origin.line)) does not read them as bytes" }
              ?? "its readers want them in different places"))
      }
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
    layouts: layouts.enumerated().map { $1 ?? .computed(graph.nodes[$0].type) }, demanded: demanded, remarks: remarks)
}

/// Whether everybody who reads a value takes it as bytes in that layout.
private func suits(
  _ layout: Layout, _ value: Value, _ graph: Graph, _ users: [[Int]], _ placement: VariablePlacement
) -> Bool {
  guard !graph.outputs.contains(where: { $0.value == value }) else { return false }
  return !users[value.id].isEmpty
    && users[value.id].allSatisfy { accepts(layout, value, $0, graph, users, placement) }
}

/// Whether one of its readers does, or those who read what only reshapes it.
private func accepts(
  _ layout: Layout, _ value: Value, _ user: Int, _ graph: Graph, _ users: [[Int]], _ placement: VariablePlacement
) -> Bool {
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

/// The first reader that accepts none of the layouts.
private func readerOfNone(
  of layouts: [Layout], _ value: Value, _ graph: Graph, _ users: [[Int]], _ placement: VariablePlacement
) -> Int? {
  let reader = users[value.id].first { user in
    !layouts.contains { accepts($0, value, user, graph, users, placement) }
  }
  guard let reader, let op = graph.nodes[reader].op as? any Executable,
    op.passesBytes(graph[value].type, to: graph.nodes[reader].type)
  else { return reader }
  return readerOfNone(of: layouts, Value(id: reader), graph, users, placement) ?? reader
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
