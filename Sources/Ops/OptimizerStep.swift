import Graphs
import KernelContract

/// One step of an optimizer: of weight, gradient, the rule's states, learning rate (scalar) and step (scalar index from
/// 1), the new weight. Overwrites the weight and the states.
package struct OptimizerStep: NotDifferentiable {
  package static let name = "optimizer_step"
  package var update: OptimizerUpdate

  package init(update: OptimizerUpdate) { self.update = update }

  package static var samples: [Sample] {
    OptimizerUpdate.samples.flatMap { update in
      [[3, 37], [5, 3, 3, 1], [21]].map { shape in
        var operands = update.sampleOperands(shape)
        operands.insert((TensorType(.float32, shape), .uniform(-1, 1)), at: 1)
        return Sample(Self(update: update), operands, checksGradient: false)
      }
    }
  }

  package var mutatedOperands: [Int] { [0] + (0..<update.stateCount).map { 2 + $0 } }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    if update.kind == .none { throw .attribute(name: "update", reason: "there is no rule") }
    try operands.expectCount(1 + update.operandCount)
    try operands.expectFloat(0)
    try operands.expect(1, shape: operands[0].shape)
    var others = operands
    others.remove(at: 1)
    try others.expectUpdate(update, from: 0, shape: operands[0].shape)
    return operands[0]
  }

  package func mutations(_ operands: [HostTensor]) -> [HostTensor] {
    var others = operands
    let gradient = others.remove(at: 1)
    return update.reference(gradient: gradient, operands: others)
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor { mutations(operands)[0] }
}

extension OptimizerStep: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let weight = operands[0].layout ?? operands[1].layout ?? .computed(result)
    let layouts = operands.indices.map { $0 < 2 + update.stateCount ? weight : .computed(operands[$0].type) }
    return LayoutDecision(operands: layouts, result: weight)
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let parameters = OptimizerUpdateParameters(count: site.result.size, update: update)
    return Lowering(
      calls: [KernelCall(parameters, operands: [.operand(1), .operand(0)] + site.operands(from: 2))])
  }
}
