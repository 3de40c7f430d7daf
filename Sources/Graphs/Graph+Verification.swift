extension Graph {
  /// What is wrong with the graph, if anything: run after each pass, so that a mistake is blamed on the pass that made
  /// it.
  package func verify() -> [String] {
    var problems: [String] = []
    var mutatedAt: [Value: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for operand in node.operands where operand.id >= index {
        problems.append("node %\(index) reads %\(operand.id), which comes after it")
      }
      guard problems.isEmpty else { return problems }
      for operand in node.operands {
        if let mutation = mutatedAt[operand] {
          problems.append("node %\(index) reads %\(operand.id) after node %\(mutation) has overwritten it")
        }
      }
      guard case .op(let op) = node.kind else { continue }
      do {
        let type = try op.resultType(node.operands.map { self[$0].type })
        if type != node.type {
          problems.append("node %\(index) \(op.name) has type \(node.type), its rule says \(type)")
        }
      } catch {
        problems.append("node %\(index) \(op.name) does not fit its operands: \(error)")
      }
      for position in op.mutatedOperands {
        if self[node.operands[position]].variable == nil {
          problems.append("node %\(index) \(op.name) overwrites %\(node.operands[position].id), which is no variable")
        }
        mutatedAt[node.operands[position]] = index
      }
    }
    for output in outputs where output.value.id >= nodes.count {
      problems.append("output \(output.name) names %\(output.value.id), which does not exist")
    }
    return problems
  }
}
