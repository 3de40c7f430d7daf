extension Graph {
  /// Computes the whole graph in float64 by the references of its ops: the definition of what a plan computes.
  ///
  /// `feeds` and `variables` are by name, in logical order.
  package func evaluate(
    feeds: [String: HostTensor], variables: [String: HostTensor] = [:]
  ) throws(EvaluationError) -> Evaluation {
    var evaluation = Evaluation(values: [], variables: variables)
    for node in nodes {
      let value: HostTensor
      switch node.kind {
      case .feed(let feed): value = try Graph.given(feeds[feed.name], as: feed.name, type: node.type)
      case .variable(let variable):
        value = try Graph.given(variables[variable.name], as: variable.name, type: node.type)
      case .constant(let number): value = HostTensor(shape: node.type.shape, repeating: number)
      case .op(let op):
        let operands = node.operands.map { evaluation.values[$0.id] }
        value = op.reference(operands)
        for (position, mutated) in zip(op.mutatedOperands, op.mutations(operands)) {
          guard let variable = self[node.operands[position]].variable else { continue }
          evaluation.variables[variable.name] = mutated
        }
      }
      evaluation.values.append(value)
    }
    return evaluation
  }

  private static func given(
    _ tensor: HostTensor?, as name: String, type: TensorType
  ) throws(EvaluationError) -> HostTensor {
    guard let tensor else { throw .missing(name: name) }
    guard tensor.shape == type.shape else { throw .shape(name: name, expected: type.shape, found: tensor.shape) }
    return tensor
  }
}

/// What a graph computes.
package struct Evaluation: Sendable {
  /// The value of each node; that of a variable is from before the updates.
  package var values: [HostTensor]
  /// The variables after the updates.
  package var variables: [String: HostTensor]

  package subscript(value: Value) -> HostTensor { values[value.id] }
}

/// Why a graph cannot be evaluated.
package enum EvaluationError: Error, Hashable, Sendable {
  /// There is no feed or variable of this name.
  case missing(name: String)
  case shape(name: String, expected: [Int], found: [Int])
}
