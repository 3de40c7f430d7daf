import Graphs
import KernelContract

/// The positions of one axis from the last to the first.
package struct Reverse: Op {
  package static let name = "reverse"
  package var axis: Int

  package init(axis: Int) { self.axis = axis }

  package static var samples: [Sample] {
    [
      Sample(Self(axis: 1), shapes: [[3, 37]]), Sample(Self(axis: 0), shapes: [[3, 37]]),
      Sample(Self(axis: 1), shapes: [[2, 19, 3, 4]]), Sample(Self(axis: 3), shapes: [[2, 5, 3, 4]]),
      Sample(Self(axis: 1), shapes: [[2, 5, 19]]), Sample(Self(axis: 0), shapes: [[21]]),
    ]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try expectAxis(axis, rank: operands[0].rank)
    return operands[0]
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    [try builder.emit(self, adjoint.gradient)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    var result = operands[0]
    for index in result.values.indices {
      var coordinates = result.coordinates(index)
      coordinates[axis] = result.shape[axis] - 1 - coordinates[axis]
      result.values[result.place(coordinates)] = operands[0].values[index]
    }
    return result
  }
}

extension Reverse: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [operands[0].evenlySpaced], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let steps = try site.axisSteps(for: name)
    let shape = site.result.type.shape
    var copy = LayoutCopy(loops: shape.indices.map { steps.loop($0, shape[$0]) })
    copy.loops[axis].source = -steps.source[axis]
    copy.sourceStart = (shape[axis] - 1) * steps.source[axis]
    return Lowering(calls: [try copy.requiredCall(for: name)])
  }
}
