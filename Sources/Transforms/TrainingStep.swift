import Graphs
package import KernelContract
import Ops

/// How gradients become updates.
package struct TrainingRule {
  /// The update of a parameter of this shape; nil leaves it as it is.
  package var update: (Variable, [Int]) -> OptimizerUpdate?
  /// Every number of a gradient is held within plus and minus this.
  package var clipValue: Double?
  /// All gradients are shrunk by one factor if their common norm is greater than this.
  package var clipNorm: Double?
  /// How many batches make one update: their gradients are averaged.
  package var batches: Int

  package init(
    clipValue: Double? = nil, clipNorm: Double? = nil, batches: Int = 1,
    update: @escaping (Variable, [Int]) -> OptimizerUpdate?
  ) {
    self.update = update
    self.clipValue = clipValue
    self.clipNorm = clipNorm
    self.batches = batches
  }
}

/// Adds to a graph with an output `loss` the gradient of every parameter and its update: one step of training, or where
/// several batches make one update the last batch of it.
///
/// The learning rate and the number of the step are scalar feeds. The optimizer's memory of a parameter is variables named
/// after it, in PyTorch's words: `.momentum_buffer`, `.exp_avg`, `.exp_avg_sq`. A parameter that does not influence the
/// loss is left as it is.
package func trainingStep(_ graph: Graph, _ rule: TrainingRule) throws(DifferentiationError) -> Graph {
  var builder = GraphBuilder(graph)
  var slopes = try slopes(in: &builder, rule)
  for index in slopes.indices where rule.batches > 1 {
    try slopes[index].change(in: &builder) { slope, builder throws(ShapeError) in
      let sum = try slope.accumulated(in: &builder)
      let share = try builder.add(Scale(factor: 1 / Double(rule.batches)), [slope.gradient])
      slope.gradient = try builder.add(Add(), [sum, share])
    }
  }
  if let bound = rule.clipValue {
    for index in slopes.indices {
      try slopes[index].change(in: &builder) { slope, builder throws(ShapeError) in
        slope.gradient = try builder.add(Clip(low: -bound, high: bound), [slope.gradient])
      }
    }
  }
  if let bound = rule.clipNorm, !slopes.isEmpty { try clip(&slopes, toNorm: bound, in: &builder) }
  for index in slopes.indices {
    try slopes[index].change(in: &builder) { slope, builder throws(ShapeError) in
      try slope.addUpdate(in: &builder)
    }
  }
  for index in slopes.indices where rule.batches > 1 {
    try slopes[index].change(in: &builder) { slope, builder throws(ShapeError) in
      _ = try builder.add(Clear(), [try slope.accumulated(in: &builder)])
    }
  }
  return builder.graph
}

/// Adds to a graph with an output `loss` the gradient of every parameter and its addition to what former batches gave: a batch
/// before the last one of an update.
package func accumulationStep(_ graph: Graph, _ rule: TrainingRule) throws(DifferentiationError) -> Graph {
  var builder = GraphBuilder(graph)
  var slopes = try slopes(in: &builder, rule)
  for index in slopes.indices {
    try slopes[index].change(in: &builder) { slope, builder throws(ShapeError) in
      let sum = try slope.accumulated(in: &builder)
      _ = try builder.add(Accumulate(share: 1 / Double(rule.batches)), [sum, slope.gradient])
    }
  }
  return builder.graph
}

/// The gradients of all parameters that are updated.
private func slopes(in builder: inout GraphBuilder, _ rule: TrainingRule) throws(DifferentiationError) -> [Slope] {
  let graph = builder.graph
  guard let loss = graph.outputs.first(where: { $0.name == "loss" })?.value else { return [] }
  var updates: [(parameter: Value, variable: Variable, update: OptimizerUpdate)] = []
  for (id, node) in graph.nodes.enumerated() {
    guard let variable = node.variable, variable.role == .parameter,
      var update = rule.update(variable, node.type.shape)
    else { continue }
    update.isLazy = variable.isLazy
    updates.append((Value(id: id), variable, update))
  }
  let gradients = try differentiate(loss, withRespectTo: updates.map(\.parameter), in: &builder)
  return updates.compactMap { parameter, variable, update in
    gradients[parameter].map {
      Slope(
        parameter: parameter, variable: variable, update: update, gradient: $0, type: graph[parameter].type,
        origin: Origin(path: graph[parameter].origin.path, line: graph[parameter].origin.line, phase: .update))
    }
  }
}

/// `torch.nn.utils.clip_grad_norm_`: every gradient times `bound / (norm + 1e-6)` where that is less than 1.
private func clip(
  _ slopes: inout [Slope], toNorm bound: Double, in builder: inout GraphBuilder
) throws(DifferentiationError) {
  var total: Value?
  for index in slopes.indices {
    try slopes[index].change(in: &builder) { slope, builder throws(ShapeError) in
      let squares = try builder.add(SumOfSquares(), [slope.gradient])
      total = if let sum = total { try builder.add(Add(), [sum, squares]) } else { squares }
    }
  }
  var factor = total
  for op in [
    SquareRoot(), Offset(amount: 1e-6), Reciprocal(), Scale(factor: bound), Clip(low: -.infinity, high: 1),
  ] as [any Op] {
    try slopes[0].change(in: &builder) { _, builder throws(ShapeError) in
      if let value = factor { factor = try builder.add(op, [value]) }
    }
  }
  for index in slopes.indices {
    try slopes[index].change(in: &builder) { slope, builder throws(ShapeError) in
      guard let factor else { return }
      // One pass with the factor as it is: repeated to a shape that several gradients share, it would be stored.
      let product = ElementwiseChain(
        [ElementwiseChain.Step(Multiply(), [.operand(0), .operand(1)])],
        slope.type.rank == 0 ? [.full, .full] : [.scalar, .full])
      slope.gradient = try builder.add(product, [factor, slope.gradient])
    }
  }
}

/// A parameter with its gradient, on the way to its update.
private struct Slope {
  let parameter: Value
  let variable: Variable
  let update: OptimizerUpdate
  var gradient: Value
  let type: TensorType
  let origin: Origin

  /// Adds nodes in the parameter's name; an op that does not fit is reported as its.
  mutating func change(
    in builder: inout GraphBuilder, _ body: (inout Slope, inout GraphBuilder) throws(ShapeError) -> Void
  ) throws(DifferentiationError) {
    builder.origin = origin
    do { try body(&self, &builder) } catch {
      throw DifferentiationError(origin: origin, op: OptimizerStep.name, reason: .shape(error))
    }
  }

  /// The variable that collects the gradients of several batches.
  func accumulated(in builder: inout GraphBuilder) throws(ShapeError) -> Value {
    try state("accumulated_gradient", in: &builder)
  }

  func addUpdate(in builder: inout GraphBuilder) throws(ShapeError) {
    let learningRate = try builder.feed("learning_rate", role: .learningRate, type: TensorType(.float32, []))
    let step = try builder.feed("step", role: .step, type: TensorType(.int32, []))
    var operands = [parameter, gradient]
    for name in update.stateNames { operands.append(try state(name, in: &builder)) }
    _ = try builder.add(OptimizerStep(update: update), operands + [learningRate, step])
  }

  private func state(_ name: String, in builder: inout GraphBuilder) throws(ShapeError) -> Value {
    let state = Variable(name: "\(variable.name).\(name)", role: .optimizerState, initializer: .constant(0))
    if let known = builder.graph.nodes.lastIndex(where: { $0.variable == state }) { return Value(id: known) }
    return try builder.variable(state, shape: type.shape)
  }
}

extension OptimizerUpdate {
  /// What PyTorch calls the states, in the order of the operands.
  fileprivate var stateNames: [String] {
    switch kind {
    case .none: []
    case .sgd: momentum == 0 ? [] : ["momentum_buffer"]
    case .adam, .adamW: ["exp_avg", "exp_avg_sq"]
    case .adagrad: ["sum"]
    case .rmsProp: momentum == 0 ? ["square_avg"] : ["square_avg", "momentum_buffer"]
    }
  }
}
