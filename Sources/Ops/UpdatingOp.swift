import Graphs
import KernelContract

/// An op that computes the gradient of a weight, and can apply the weight's update in the same go. With an update its
/// operands are its own, then the weight, its states, the learning rate and the step; its result is the new weight.
package protocol UpdatingOp: NotDifferentiable, Executable {
  var ownOperandCount: Int { get }
  var update: OptimizerUpdate { get set }
  /// The type of the gradient, of the op's own operands.
  func gradientType(_ operands: [TensorType]) throws(ShapeError) -> TensorType
  /// The gradient in float64.
  func gradientReference(_ operands: [HostTensor]) -> HostTensor
}

extension UpdatingOp {
  package var mutatedOperands: [Int] {
    update.kind == .none ? [] : Array(ownOperandCount...(ownOperandCount + update.stateCount))
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    if operands.count < ownOperandCount {
      throw .operandCount(expected: ownOperandCount, found: operands.count)
    }
    let type = try gradientType(operands)
    try operands.expectUpdate(update, from: ownOperandCount, shape: type.shape)
    return type
  }

  package func mutations(_ operands: [HostTensor]) -> [HostTensor] {
    guard update.kind != .none else { return [] }
    let gradient = gradientReference(operands)
    return update.reference(gradient: gradient, operands: Array(operands[ownOperandCount...]))
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    update.kind == .none ? gradientReference(operands) : mutations(operands)[0]
  }

  package func absorbing(_ consumer: any Op, at position: Int, types: FusionTypes) -> Absorbed? {
    absorbingUpdate(consumer, at: position, types: types)
  }

  /// Takes in the update of which this is the gradient.
  func absorbingUpdate(_ consumer: any Op, at position: Int, types: FusionTypes) -> Absorbed? {
    guard let step = consumer as? OptimizerStep, position == 1, update.kind == .none else { return nil }
    var fused = self
    fused.update = step.update
    return Absorbed(op: fused, appendedOperands: [0] + Array(2..<types.consumerOperands.count))
  }

  /// The layouts of the update's operands, of a weight that lies like the gradient.
  func updateLayouts(_ operands: [PlacedType], weight: Layout) -> [Layout] {
    operands.indices.dropFirst(ownOperandCount).map {
      $0 <= ownOperandCount + update.stateCount ? weight : .computed(operands[$0].type)
    }
  }

  /// The sample without an update, and once with each kind of update.
  static func samples(_ op: Self, shapes: [[Int]], weight: [Int]) -> [Sample] {
    let own = shapes.map { (type: TensorType(.float32, $0), content: Sample.Content.uniform(-1, 1)) }
    return ([.none] + OptimizerUpdate.samples).map { update in
      var op = op
      op.update = update
      return Sample(op, own + update.sampleOperands(weight), checksGradient: false)
    }
  }
}
