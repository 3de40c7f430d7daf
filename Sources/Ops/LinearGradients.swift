import Graphs
import KernelContract

/// Both gradients of a linear layer and the update of its weight: `LinearDataGradient` with its epilogue, of the weight before the update,
/// and `LinearWeightGradient` with its update. Operands: x, dy, those of the epilogue, then the weight, its states, the learning rate and
/// the step → the gradient of x.
package struct LinearGradients: NotDifferentiable {
  package static let name = "linear_gradients"
  package var update: OptimizerUpdate
  package var epilogue: Epilogue

  package init(update: OptimizerUpdate, epilogue: Epilogue = Epilogue()) {
    self.update = update
    self.epilogue = epilogue
  }

  package static var samples: [Sample] {
    OptimizerUpdate.samples.flatMap { update in
      [
        (rows: 5, inputs: 33, outputs: 16, epilogue: Epilogue(mask: .values)),
        (rows: 8, inputs: 57, outputs: 80, epilogue: Epilogue()),
        (rows: 3, inputs: 150, outputs: 64, epilogue: Epilogue(residual: true, mask: .values)),
      ].map { rows, inputs, outputs, epilogue in
        let shapes =
          [[rows, inputs], [rows, outputs]] + [[Int]](repeating: [rows, inputs], count: epilogue.operandCount)
        let own = shapes.map { (type: TensorType(.float32, $0), content: Sample.Content.uniform(-1, 1)) }
        return Sample(
          Self(update: update, epilogue: epilogue), own + update.sampleOperands([outputs, inputs]),
          checksGradient: false)
      }
    }
  }

  /// Where the weight stands among the operands.
  private var weight: Int { 2 + epilogue.operandCount }
  package var mutatedOperands: [Int] { Array(weight...(weight + update.stateCount)) }
  package var returnsMutated: Bool { false }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    if operands.count <= weight { throw .operandCount(expected: weight + update.operandCount, found: operands.count) }
    if update.kind == .none { throw .attribute(name: "update", reason: "there is none") }
    let gradient = try LinearWeightGradient().resultType(Array(operands[..<2]))
    try operands.expectUpdate(update, from: weight, shape: gradient.shape)
    return try LinearDataGradient(epilogue: epilogue).resultType(dataOperands(operands))
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    LinearDataGradient(epilogue: epilogue).reference(dataOperands(operands))
  }

  private func dataOperands<T>(_ operands: [T]) -> [T] { [operands[1], operands[weight]] + operands[2..<weight] }

  package func mutations(_ operands: [HostTensor]) -> [HostTensor] {
    update.reference(
      gradient: LinearWeightGradient().gradientReference(operands), operands: Array(operands[weight...]))
  }
}

extension LinearGradients {
  /// The least weights that are worth it: others stay in a cache between two passes.
  package static let leastWeights = 1 << 21

  /// The gradient of a large weight, with its update, beside which the gradient of the input can be made: that node, and what it becomes.
  /// Nil where there are too many rows, or something reads the weight between the two. The node itself is then not needed.
  /// - Parameters:
  ///   - users: those of the graph.
  ///   - weights: how many a large weight has at least.
  package static func match(
    _ node: Int, in graph: Graph, users: [[Int]], weights: Int = leastWeights
  ) -> (node: Int, op: LinearGradients, operands: [Value])? {
    guard let gradient = graph.nodes[node].op as? LinearWeightGradient, gradient.update.kind != .none,
      users[node].isEmpty, !graph.isOutput(Value(id: node))
    else { return nil }
    let operands = graph.nodes[node].operands
    let (x, dy, weight) = (operands[0], operands[1], operands[2])
    let shape = graph[weight].type.shape
    guard graph[x].type.count / max(1, shape[1]) <= LinearGradientsParameters.mostRows, shape[0] % Layout.lanes == 0,
      graph[weight].type.count >= weights
    else { return nil }
    let others = users[weight.id].filter { $0 != node }
    guard let last = others.last, let product = graph.nodes[last].op as? LinearDataGradient,
      !product.epilogue.bias, product.epilogue.activation == .none,
      graph.nodes[last].operands.prefix(2) == [dy, weight], last > x.id,
      operands.dropFirst(3).allSatisfy({ $0.id < last || graph[$0].op == nil })
    else { return nil }
    return (
      last, Self(update: gradient.update, epilogue: product.epilogue),
      [x, dy] + graph.nodes[last].operands.dropFirst(2) + operands.dropFirst(2)
    )
  }
}

extension LinearGradients: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let data = LinearDataGradient(epilogue: epilogue).layouts(dataOperands(operands), result: result)
    let panels = data.operands[1]
    var x = Layout.matrix(operands[0].type)
    if case .linearPanels(order: .channelsLast(let channels, let height, let width)) = panels {
      x = .flattenedChannelsLast(channels: channels, height: height, width: width)
    }
    let rest = operands.indices.dropFirst(weight).map {
      $0 <= weight + update.stateCount ? panels : .computed(operands[$0].type)
    }
    return LayoutDecision(operands: [x, data.operands[0]] + data.operands.dropFirst(2) + rest, result: data.result)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let (x, dy, dx) = (site.operands[0], site.operands[1], site.result)
    let parameters = LinearGradientsParameters(
      rows: x.rows, inputs: x.columns, outputs: dy.columns, inputRow: x.rowStride, gradientRow: dx.rowStride,
      outputRow: dy.rowStride, update: update, epilogue: epilogue)
    let call = KernelCall(
      parameters, operands: [.operand(0), .operand(1), .result] + site.operands(from: 2))
    return Lowering(calls: [call], note: "both gradients and the update in one pass over the weights")
  }
}
