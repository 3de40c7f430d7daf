import Graphs
package import KernelContract
import Ops

/// Adds to a graph with an output `loss` the gradient of every parameter and its update: one step of training.
///
/// The learning rate and the number of the step are scalar feeds. The optimizer's memory of a parameter is variables named
/// after it, in PyTorch's words: `.momentum_buffer`, `.exp_avg`, `.exp_avg_sq`. A parameter that does not influence the
/// loss is left as it is.
/// - Parameter rule: the update of a parameter of this shape.
package func trainingStep(
  _ graph: Graph, rule: (Variable, [Int]) -> OptimizerUpdate
) throws(DifferentiationError) -> Graph {
  guard let loss = graph.outputs.first(where: { $0.name == "loss" })?.value else { return graph }
  let parameters = graph.nodes.indices.filter { graph.nodes[$0].variable?.role == .parameter }.map { Value(id: $0) }
  var builder = GraphBuilder(graph)
  let gradients = try differentiate(loss, withRespectTo: parameters, in: &builder)
  for parameter in parameters {
    guard let gradient = gradients[parameter], let variable = graph[parameter].variable else { continue }
    let node = graph[parameter]
    builder.origin = Origin(path: node.origin.path, line: node.origin.line, phase: .update)
    do {
      try addUpdate(of: parameter, variable, gradient: gradient, rule(variable, node.type.shape), in: &builder)
    } catch {
      throw DifferentiationError(origin: node.origin, op: OptimizerStep.name, reason: .shape(error))
    }
  }
  return builder.graph
}

private func addUpdate(
  of parameter: Value, _ variable: Variable, gradient: Value, _ update: OptimizerUpdate, in builder: inout GraphBuilder
) throws(ShapeError) {
  let learningRate = try builder.feed("learning_rate", role: .learningRate, type: TensorType(.float32, []))
  let step = try builder.feed("step", role: .step, type: TensorType(.int32, []))
  var operands = [parameter, gradient]
  for name in update.stateNames {
    let state = Variable(name: "\(variable.name).\(name)", role: .optimizerState, initializer: .constant(0))
    operands.append(try builder.variable(state, shape: builder.type(of: parameter).shape))
  }
  _ = try builder.add(OptimizerStep(update: update), operands + [learningRate, step])
}

extension OptimizerUpdate {
  /// What PyTorch calls the states, in the order of the operands.
  fileprivate var stateNames: [String] {
    switch kind {
    case .none: []
    case .sgd: momentum == 0 ? [] : ["momentum_buffer"]
    case .adam, .adamW: ["exp_avg", "exp_avg_sq"]
    }
  }
}
