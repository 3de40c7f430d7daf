import Graphs
import Ops

/// A net that writes a sequence, as two graphs: one that runs once for a text, and one that runs for each place of the sequence and
/// remembers what the places before it have computed. Together they compute what the net computes of the whole sequence.
package struct Decoding: Sendable {
  /// What does not depend on the sequence; it leaves its results in variables.
  package var once: Graph
  /// One place of `rows` sequences; its outputs are those of the net.
  package var step: Graph
  /// What the first place reads where places read the sequence one place late; nil where they read themselves.
  package var start: Int?
  /// How many places a sequence has at most.
  package var places: Int
}

/// Cuts the graph of one example into `Decoding`.
///
/// Nil where an op needs more of the sequence than a place and those before it, or the net does not read the sequence at all.
/// - Parameters:
///   - name: the input that gives the sequence, an index [1, places].
///   - rows: how many sequences a step continues.
package func decoding(of graph: Graph, _ name: String, rows: Int) throws(ShapeError) -> Decoding? {
  guard let input = graph.nodes.firstIndex(where: { $0.isInput(name) }) else { return nil }
  let type = graph.nodes[input].type
  guard type.element == .int32, type.rank == 2, type.shape[0] == 1 else { return nil }
  var isNeeded = [Bool](repeating: false, count: graph.nodes.count)
  for output in graph.outputs { isNeeded[output.value.id] = true }
  for id in graph.nodes.indices.reversed() where isNeeded[id] {
    for operand in graph.nodes[id].operands { isNeeded[operand.id] = true }
  }

  var dependsOnSequence = [Bool](repeating: false, count: graph.nodes.count)
  dependsOnSequence[input] = true
  var still: [Int: Value] = [:]
  var once = GraphBuilder()
  for (id, node) in graph.nodes.enumerated() where id != input && isNeeded[id] {
    if node.operands.contains(where: { dependsOnSequence[$0.id] }) {
      dependsOnSequence[id] = true
      continue
    }
    once.origin = node.origin
    switch node.kind {
    case .feed(let feed): still[id] = try once.feed(feed.name, role: feed.role, type: node.type)
    case .variable(let variable):
      still[id] = try once.variable(variable, shape: node.type.shape, element: node.type.element)
    case .constant(let value): still[id] = try once.constant(value, type: node.type)
    case .op(let op):
      guard op.mutatedOperands.isEmpty else { return nil }
      still[id] = try once.add(op, node.operands.compactMap { still[$0.id] })
    }
  }

  var builder = try StepBuilder(name, rows: rows, places: type.shape[1], once: once)
  var placed: [Int: Value] = [:]
  for (id, node) in graph.nodes.enumerated() where id != input && dependsOnSequence[id] {
    guard let op = node.op as? any SequentialOp else { return nil }
    let operands = node.operands.compactMap { operand in
      operand.id == input
        ? StepBuilder.Operand.sequence
        : placed[operand.id].map { .place($0) } ?? still[operand.id].map { .whole($0) }
    }
    guard operands.count == node.operands.count, node.type.rank >= 2, node.type.shape[1] == type.shape[1] else {
      return nil
    }
    builder.step.origin = node.origin
    guard let value = try op.addStep(operands, in: &builder) else { return nil }
    placed[id] = value
  }
  for output in graph.outputs {
    guard let value = placed[output.value.id] else { return nil }
    builder.step.output(output.name, value)
  }
  guard builder.isConsistent else { return nil }
  return Decoding(
    once: builder.once.graph, step: builder.step.graph, start: builder.start, places: type.shape[1])
}

extension Node {
  fileprivate func isInput(_ name: String) -> Bool {
    if case .feed(let feed) = kind { feed.role == .input && feed.name == name } else { false }
  }
}
