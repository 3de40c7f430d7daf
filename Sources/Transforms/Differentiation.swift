import Graphs
import Ops

/// Why a graph has no gradient.
package struct DifferentiationError: Error, Sendable {
  /// The node whose op has no rule, or whose rule does not fit.
  package var origin: Origin
  package var op: String
  package var reason: GradientError
}

/// Appends the gradient of `loss`, a scalar, with respect to `targets` by reverse accumulation. Each op brings its own
/// rule; a target that does not influence the loss has none.
package func differentiate(
  _ loss: Value, withRespectTo targets: [Value], in builder: inout GraphBuilder
) throws(DifferentiationError) -> [Value: Value] {
  let forward = builder.graph
  let origin = builder.origin
  defer { builder.origin = origin }
  let needed = influenced(by: targets, in: forward)
  var gradients: [Value: Value] = [:]
  builder.origin = Origin(path: forward[loss].origin.path, line: forward[loss].origin.line, phase: .gradient)
  gradients[loss] = try wrap(forward[loss], "loss") { () throws(ShapeError) in
    try builder.constant(1, type: forward[loss].type)
  }
  for id in stride(from: loss.id, through: 0, by: -1) {
    let node = forward.nodes[id]
    guard needed[id], let upstream = gradients[Value(id: id)], let op = node.op else { continue }
    builder.origin = Origin(path: node.origin.path, line: node.origin.line, phase: .gradient)
    let adjoint = Adjoint(
      operands: node.operands, operandTypes: node.operands.map { forward[$0].type }, result: Value(id: id),
      resultType: node.type, gradient: upstream, needed: node.operands.map { needed[$0.id] })
    let contributions: [Value?]
    do {
      contributions = try op.gradient(adjoint, in: &builder)
    } catch {
      throw DifferentiationError(origin: node.origin, op: op.name, reason: error)
    }
    for (operand, contribution) in zip(node.operands, contributions) {
      guard let contribution, needed[operand.id] else { continue }
      guard let sum = gradients[operand] else {
        gradients[operand] = contribution
        continue
      }
      gradients[operand] = try wrap(node, op.name) { () throws(ShapeError) in
        try builder.add(Add(), [sum, contribution])
      }
    }
  }
  return gradients.filter { targets.contains($0.key) }
}

private func wrap(
  _ node: Node, _ op: String, _ body: () throws(ShapeError) -> Value
) throws(DifferentiationError) -> Value {
  do {
    return try body()
  } catch {
    throw DifferentiationError(origin: node.origin, op: op, reason: .shape(error))
  }
}

/// For each node, whether it depends on one of `sources`.
private func influenced(by sources: [Value], in graph: Graph) -> [Bool] {
  var result = [Bool](repeating: false, count: graph.nodes.count)
  for source in sources { result[source.id] = true }
  for (id, node) in graph.nodes.enumerated() where !result[id] {
    result[id] = node.operands.contains { result[$0.id] }
  }
  return result
}
