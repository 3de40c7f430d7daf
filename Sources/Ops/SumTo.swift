import Graphs
import KernelContract

/// Sums x over the axes in which `shape` has extent 1 (or all, for a scalar): the gradient of `BroadcastTo`.
package struct SumTo: Op {
  package static let name = "sum_to"
  package var shape: [Int]

  package init(shape: [Int]) { self.shape = shape }

  package static var samples: [Sample] {
    [
      Sample(Self(shape: []), shapes: [[3, 37]]),
      Sample(Self(shape: [3, 1]), shapes: [[3, 37]]),
      Sample(Self(shape: [1, 37]), shapes: [[3, 37]]),
      Sample(Self(shape: [2, 19, 1, 1]), shapes: [[2, 19, 3, 4]]),
      Sample(Self(shape: [1, 5, 3, 1]), shapes: [[2, 5, 3, 4]]),
      Sample(Self(shape: []), shapes: [[2, 5, 3, 4]]),
    ]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expectFloat(0)
    try expectRepeats(shape, of: operands[0].shape)
    return TensorType(.float32, shape)
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(BroadcastTo(shape: adjoint.operandTypes[0].shape), adjoint.gradient)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    var result = HostTensor(shape: shape)
    for index in operands[0].values.indices {
      result.values[result.repeated(operands[0].coordinates(index))] += operands[0].values[index]
    }
    return result
  }
}

extension SumTo: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    let x = operands[0]
    let layout = x.layout.flatMap { $0.axisStrides(x.type) == nil ? nil : $0 } ?? .computed(x.type)
    return LayoutDecision(operands: [layout], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let (x, y) = (site.operands[0], site.result)
    if shape.isEmpty { return Lowering(x.sum(.sum, scale: 1)) }
    guard let from = x.layout.axisStrides(x.type), let to = y.layout.axisStrides(y.type) else {
      throw .noKernel(op: name, reason: "the operand is not evenly spaced")
    }
    let loops = shape.indices.map { axis in
      StridedCopyParameters.Loop(extent: x.type.shape[axis], source: from[axis], result: to[axis])
    }
    let kept = shape.indices.filter { shape[$0] == x.type.shape[$0] }
    let summed = shape.indices.filter { shape[$0] != x.type.shape[$0] }
    guard let parameters = StridedSumParameters(kept: kept.map { loops[$0] }, summed: summed.map { loops[$0] }) else {
      throw .noKernel(op: name, reason: "there are too many axes")
    }
    return Lowering(calls: [KernelCall(parameters, operands: [.operand(0), .result])])
  }
}
