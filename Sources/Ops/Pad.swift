import Graphs
import KernelContract

/// Zeros before and after the positions of one axis.
package struct Pad: Op {
  package static let name = "pad"
  package var axis: Int
  package var before: Int
  package var after: Int

  package init(axis: Int, before: Int, after: Int) {
    self.axis = axis
    self.before = before
    self.after = after
  }

  package static var samples: [Sample] {
    [
      Sample(Self(axis: 1, before: 2, after: 7), shapes: [[3, 37]]),
      Sample(Self(axis: 1, before: 0, after: 1), shapes: [[2, 19, 3, 4]]),
      Sample(Self(axis: 3, before: 3, after: 0), shapes: [[2, 5, 3, 4]]),
      Sample(Self(axis: 2, before: 1, after: 1), shapes: [[2, 3, 5, 4, 3]]),
      Sample(Self(axis: 0, before: 1, after: 2), shapes: [[21]]),
    ]
  }

  package func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try operands.expectCount(1)
    try operands.expectFloat(0)
    try expectAxis(axis, rank: operands[0].rank)
    try expectAttribute("before", before, atLeast: 0)
    try expectAttribute("after", after, atLeast: 0)
    var result = operands[0]
    let (extent, overflow) = result.shape[axis].addingReportingOverflow(before + after)
    if overflow { throw .tooLarge(shape: operands[0].shape) }
    result.shape[axis] = extent
    return result
  }

  package func gradient(_ adjoint: Adjoint, in builder: inout GraphBuilder) throws(GradientError) -> [Value?] {
    let extent = adjoint.operandTypes[0].shape[axis]
    return [try builder.emit(Slice(axis: axis, start: before, count: extent), adjoint.gradient)]
  }

  package func reference(_ operands: [HostTensor]) -> HostTensor {
    let x = operands[0]
    var result = HostTensor(shape: x.shape.enumerated().map { $0 == axis ? $1 + before + after : $1 })
    for index in x.values.indices {
      var coordinates = x.coordinates(index)
      coordinates[axis] += before
      result.values[result.place(coordinates)] = x.values[index]
    }
    return result
  }
}

extension Pad: Executable {
  package func layouts(_ operands: [PlacedType], result: TensorType) -> LayoutDecision {
    LayoutDecision(operands: [operands[0].evenlySpaced], result: .computed(result))
  }

  package func lower(_ site: LoweringSite) throws(LoweringError) -> Lowering {
    let steps = try site.axisSteps(for: name)
    let shape = site.operands[0].type.shape
    var copy = LayoutCopy(loops: shape.indices.map { steps.loop($0, shape[$0]) })
    copy.targetStart = before * steps.target[axis]
    return Lowering(calls: [try site.zeroing(for: name), try copy.requiredCall(for: name)])
  }
}
